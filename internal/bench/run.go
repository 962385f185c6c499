package main

import (
	"context"
)

func runCommand(ctx context.Context, args []string) error {
	_, err := parseOptions(args)
	return err
}
