#!/bin/sh
test -f "$MADE"
