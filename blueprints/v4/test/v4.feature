Feature: v4, two versions of payments
  Who says that he is a developer gets the new one, which calls currency; everybody else gets the old one.

  Scenario: a header chooses the version
    Given I have a running blueprint
    Then the service "payments" should have 2 healthy instances
    And a call from "web" to "payments" should be answered by "v1"
    And a call from "web" to "payments" with header "X-Group" "dev" should be answered by "v2"
    And the response body should contain "currency of v3"
    And a call from "web" to "payments" with header "X-Group" "sales" should be answered by "v1"
    And a call from "web" to "payments" on path "/currency" and header "X-Group" "dev" should be answered by "currency"
    When I run the command "mesh destroy v4"
    Then I expect the exit code to be 0
    And a call from "web" to "payments" with header "X-Group" "dev" should be answered by "v1"
    And a call from "web" to "payments" on path "/currency" should be answered by "currency"
