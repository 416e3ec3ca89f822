Feature: v3, a service is cut out of the monolith
  What is sent to payments at /currency goes to currency, and everything else to payments as before.

  Scenario: a path of payments is a service of its own
    Given I have a running blueprint
    Then the following resources should be running
      | name            | type         |
      | payments        | container    |
      | currency        | k8s_config   |
      | payments_router | config_entry |
    And a call from "web" to "payments" should be answered by "payments"
    And a call from "web" to "payments" on path "/currency" should be answered by "currency"
    And a call from "web" to "payments" on path "/currency/eur" should be answered by "currency"
    And a HTTP call to "http://localhost:9090/currency" should result in status 200
    And the response body should contain "currency of v3"
    When an intention denies calls from "web" to "currency"
    Then a call from "web" to "payments" on path "/currency" should be denied
    And a call from "web" to "payments" should be allowed
    When I run the command "mesh destroy v2"
    Then I expect the exit code to be 1
    And I expect the response to contain "v2 stays: v3 builds on it"
