a = <<"EOF"
body
EOF
b = <<-END
  text
END
c = 1
