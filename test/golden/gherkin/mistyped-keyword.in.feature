Feature: shop
  Scenario: web
    Given I have a running blueprint
    Whn I kill "web"
    Then I expect the exit code to be 0
  Scenrio: another
    Given I have a running blueprint
