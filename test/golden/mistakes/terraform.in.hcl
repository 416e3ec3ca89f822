terraform {
  required_version = ">= 1.0"
}

provider "aws" {
  region = "eu-west-1"
}

resource "aws_instance" "web" {
  ami = "ami-123"
}
