Kind = "sameness-group"
Name = "group"
Members = [{ Partition = "default" }]
