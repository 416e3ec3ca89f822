Feature: shop
  Scenario Outline: web
    Then a HTTP call to "<ur>" should result in status <status>
    Examples:
      | url                   | status |
      | http://localhost:9090 | 200    |
