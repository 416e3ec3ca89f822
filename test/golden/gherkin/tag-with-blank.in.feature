Feature: shop
  @slow test
  Scenario: web
    Given I have a running blueprint
