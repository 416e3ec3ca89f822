Feature: v2, the same services in a mesh
  web and payments have sidecars: calls between them are mutual TLS, and intentions say which are allowed.

  Background:
    Given I have a running blueprint

  Scenario: web reaches payments through both sidecars
    Then a HTTP call to "http://localhost:9090" should result in status 200
    And the response body should contain "payments of v2"
    And the service "payments" should have 1 healthy instance
    And the following output variables should be set
      | name | value                 |
      | web  | http://localhost:9090 |

  Scenario: each service proves who it is
    Then the identity of "web" seen by "payments" should be "spiffe://…/svc/web"
    And the identity of "payments" seen by "web" should be "spiffe://…/svc/payments"

  Scenario Outline: payments speaks <protocol>, and an intention refuses web
    Given I write the config entry
      """
      Kind     = "service-defaults"
      Name     = "payments"
      Protocol = "<protocol>"
      """
    Then a call from "web" to "payments" should be allowed
    When an intention denies calls from "web" to "payments"
    Then a call from "web" to "payments" should be denied
    When there is no intention from "web" to "payments"
    Then a call from "web" to "payments" should be answered by "payments"

    Examples:
      | protocol |
      | tcp      |
      | http     |

  Scenario: payments becomes http without a restart
    Given the config entry "service-defaults" "payments" is written from "consul_service/payments_defaults.hcl"
    Then the field "Protocol" of the config entry "service-defaults" "payments" should be "http"
    And a call from "web" to "payments" with method "POST" on path "/currency" should result in status 200
    When I kill "payments"
    Then there should be a "container" running called "payments"
    And a call from "web" to "payments" should be answered by "v1"
