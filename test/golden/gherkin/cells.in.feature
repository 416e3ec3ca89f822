Feature: shop
  Scenario: web
    Then the following resources should be running
      | name | type |
      | web | container | yes |
