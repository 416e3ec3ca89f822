Feature: v1, before the mesh
  Services call each other at fixed addresses, and nothing says who may call whom.

  Scenario: web calls payments
    Given I have a running blueprint
    Then the following resources should be running
      | name     | type      |
      | local    | network   |
      | payments | container |
      | web      | container |
    And a HTTP call to "http://localhost:9090" should result in status 200
    And the response body should contain "payments of v1"
    And the info "{.Config.Env}" for the running "container" called "web" should contain "http://10.5.0.110:9090"
