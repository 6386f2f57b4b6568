package main

import (
	"context"
	"fmt"
	"time"

	"kabar/internal/blog"
)

// finding is one line of what doctor saw.
type finding struct {
	Check string `json:"check"`
	OK    bool   `json:"ok"`
	Words string `json:"words"`
}

type doctorCommand struct {
	Recount bool `help:"Also count anew all that is counted, and look for what belongs to nothing; takes long on a large blog."`
}

// run checks the set-up from outside in and fails when anything is wrong.
func (c doctorCommand) run(ctx context.Context, env environment) error {
	return with(ctx, env, func(a *app) error {
		d := &doctor{app: a}
		findings := d.examine(ctx)
		if c.Recount {
			findings = append(findings, d.recount(ctx))
		}
		err := list(env, findings, []string{"", "CHECK", "FINDING"}, func(f finding) []string {
			return []string{map[bool]string{true: "ok", false: "!!"}[f.OK], f.Check, f.Words}
		})
		bad := 0
		for _, f := range findings {
			if !f.OK {
				bad++
			}
		}
		if err == nil && bad > 0 {
			err = fmt.Errorf("%d of %d checks failed", bad, len(findings))
		}
		return err
	})
}

// doctor looks for what those who run a server by themselves get wrong most
// often, and says how to mend it: doctor_inside.go looks at this machine and its
// database, doctor_outside.go at how the origin is reached, doctor_requests.go at
// what becomes of requests on their way.
type doctor struct {
	*app
	site blog.Site
}

// check is one thing that is looked at: words for what was found, or an error
// that says what to do.
type check struct {
	name string
	do   func(context.Context) (string, error)
}

func (d *doctor) checks() []check {
	return []check{
		{"database", d.checkDatabase},
		{"durability", d.checkDurability},
		{"connections", d.checkConnections},
		{"replica", d.checkReplica},
		{"clock", d.checkClock},
		{"disk", d.checkDisk},
		{"media", d.checkMediaStore},
		{"proxies", d.checkProxies},
		{"name", d.checkName},
		{"origin", d.checkOrigin},
		{"requests", d.checkRequests},
		{"uploads", d.checkUploads},
		{"documents", d.checkDocuments},
		{"actor", d.checkActor},
		{"queues", d.checkQueues},
		{"deliveries", d.checkDeliveries},
		{"mail", d.checkMail},
	}
}

// checkTime bounds each check.
const checkTime = 15 * time.Second

func (d *doctor) examine(ctx context.Context) []finding {
	var findings []finding
	for _, c := range d.checks() {
		ctx, cancel := context.WithTimeout(ctx, checkTime)
		findings = append(findings, c.find(ctx))
		cancel()
	}
	return findings
}

func (c check) find(ctx context.Context) finding {
	words, err := c.do(ctx)
	if err != nil {
		words = err.Error()
	}
	return finding{Check: c.name, OK: err == nil, Words: words}
}

// recount has no bound of time: it reads the whole database.
func (d *doctor) recount(ctx context.Context) finding {
	return check{"recount", d.checkRecount}.find(ctx)
}
