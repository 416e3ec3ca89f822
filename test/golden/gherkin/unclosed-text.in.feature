Feature: shop
  Scenario: web
    When I run the script
      """
      echo hello
