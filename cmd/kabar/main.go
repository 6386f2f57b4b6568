// Command kabar is the whole program: the server and the commands that work
// beside it. One file holds one group of commands.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // for machines without the zones

	"github.com/alecthomas/kong"

	"kabar/internal/config"
)

// Exit statuses.
const (
	exitFailed = 1 // it was understood and did not work; one line says why
	exitUsage  = 2 // it was not understood
)

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		signal.Reset() // a second one ends the program at once
		cancel()
	}()
	unsetEmpty()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// unsetEmpty takes a setting that is there and empty for one that is not there:
// files of settings name those that are not in use.
func unsetEmpty() {
	for _, pair := range os.Environ() {
		if name, value, _ := strings.Cut(pair, "="); value == "" && strings.HasPrefix(name, "KABAR_") {
			_ = os.Unsetenv(name) // the name is good
		}
	}
}

// command is one entry of the command line.
type command interface {
	run(ctx context.Context, env environment) error
}

// environment is what every command gets.
type environment struct {
	config config.Config
	json   bool // print one JSON document
	in     io.Reader
	out    io.Writer
	err    io.Writer
}

// run reads the command line and does what it says. It returns the exit
// status.
func run(ctx context.Context, args []string, in io.Reader, out, errors io.Writer) int {
	var line commandLine
	status := -1
	parser, err := kong.New(&line, kong.Name("kabar"),
		kong.Description("A blog that lives in the fediverse."), kong.UsageOnError(), kong.Writers(out, errors),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}), kong.Exit(func(code int) { status = code }))
	if err != nil {
		fmt.Fprintln(errors, "kabar:", err)
		return exitUsage
	}
	parsed, err := parser.Parse(args)
	if status >= 0 { // --help was printed
		return status
	}
	if err != nil {
		fmt.Fprintf(errors, "kabar: %s (see kabar --help)\n", oneLine(err))
		return exitUsage
	}
	env := environment{config: line.Config, json: line.JSON, in: in, out: out, err: errors}
	cmd := parsed.Selected().Target.Addr().Interface().(command)
	if err := cmd.run(ctx, env); err != nil {
		fmt.Fprintln(errors, "kabar:", oneLine(err))
		return exitStatus(err)
	}
	return 0
}

// usageError is a mistake in how a command was called.
type usageError struct{ error }

func exitStatus(err error) int {
	var usage usageError
	if errors.As(err, &usage) {
		return exitUsage
	}
	return exitFailed
}

func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }
