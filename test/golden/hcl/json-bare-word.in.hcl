{"Kind": service-defaults}
