package main

import "context"

type demoCommand struct{}

func (demoCommand) run(context.Context, environment) error { return nil }
