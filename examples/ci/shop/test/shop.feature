Feature: the shop
  Background:
    Given I have a running blueprint

  Scenario: web may read what payments has, and nothing else
    Then a HTTP call to "http://localhost:18080/v1/bills" should result in status 200
    And the response body should contain "paid"
    And a HTTP call to "http://localhost:18080/admin" should result in status 403

  Scenario: each service proves who it is
    Then the identity of "web" seen by "payments" should be "spiffe://…/svc/web"
