Feature: v5, a canary
  A splitter sends nobody, some, and then everybody to the new version.

  Scenario: from 100/0 over 50/50 to 0/100
    Given I have a running blueprint
    Then 50 calls from "web" to "payments" should be split 100/0 between "v1" and "v2" within 0 %
    When I write the config entry file "consul_config/splitter_50_50.hcl"
    Then 400 calls from "web" to "payments" should be split 50/50 between "v1" and "v2" within 12 %
    And a call from "web" to "payments" with header "X-Group" "dev" should be answered by "v2"
    When I write the config entry file "consul_config/splitter_0_100.hcl"
    Then 50 calls from "web" to "payments" should be split 0/100 between "v1" and "v2" within 0 %
    When I write the config entry file "consul_config/splitter_100_0.hcl"
    Then 50 calls from "web" to "payments" should be split 100/0 between "v1" and "v2" within 0 %
