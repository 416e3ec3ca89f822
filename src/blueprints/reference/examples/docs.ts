import type { Examples } from './index.ts';

export const docs: Examples = {
  blueprint: `
blueprint "shop" {
  title       = "A shop"
  authors     = ["Ada", "Grace"]
  description = <<-EOF
    Two services, and the mesh between them.
  EOF
}
`,
  book: `
resource "chapter" "start" {
  page "intro" {
    content = "# Hello"
  }
}

resource "book" "guide" {
  title    = "A guide"
  chapters = [resource.chapter.start]
}
`,
  chapter: `
resource "task" "hello" {
  condition "file" {
    description = "There is a file /tmp/hello"
    check {
      script = "test -f /tmp/hello"
    }
  }
}

resource "chapter" "start" {
  title = "The start"

  tasks = {
    hello = resource.task.hello
  }

  page "intro" {
    content = <<-EOF
      # Hello

      <Task id="hello"></Task>
    EOF
  }
}
`,
  docs: `
docs "docs" {
  path            = "./docs"
  port            = 8080
  open_in_browser = true
  index_title     = "Workshop"
}
`,
  'docs/jumppad': `
resource "chapter" "start" {
  page "intro" {
    content = "# Hello"
  }
}

resource "book" "guide" {
  title    = "A guide"
  chapters = [resource.chapter.start]
}

resource "docs" "site" {
  port    = 8081
  content = [resource.book.guide]
}
`,
  task: `
resource "task" "hello" {
  description = "Say hello"

  condition "file" {
    description = "There is a file /tmp/hello"

    check {
      script          = "test -f /tmp/hello"
      failure_message = "Type: touch /tmp/hello"
    }

    solve {
      script = "touch /tmp/hello"
    }
  }
}
`,
};
