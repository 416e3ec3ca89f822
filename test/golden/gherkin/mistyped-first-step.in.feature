Feature: shop
  Background:
    Gvien I have a running blueprint

  Scenario: web
    Givn the environment variable "A" has a value "1"
    They are all described here.
    Then a HTTP call to "http://localhost:9090" should result in status 200
