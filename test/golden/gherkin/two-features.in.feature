Feature: shop
  Scenario: web
    Given I have a running blueprint

Feature: other
