a = <<"EOF"
text
EOF
b = <<END
never closed
c = 1
