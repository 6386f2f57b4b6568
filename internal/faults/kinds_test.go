package faults

import (
	"time"
)

// moments is how often something is hurt in one trial.
func moments() int {
	if short() {
		return 2
	}
	return 3
}

func kinds() []kind {
	return []kind{
		{name: "kill -9 while receiving", quick: true, repeats: true, hurt: killWhile(func(p *play) { p.further(1 + p.rnd.IntN(12)) })},
		{name: "kill -9 while delivering", quick: true, repeats: true, hurt: killWhile(func(p *play) { p.arrivals(1 + p.rnd.IntN(8)) })},
		{name: "kill -9 while publishing", repeats: true, prepare: impatient, hurt: killWhile(func(p *play) {
			p.commands(1)
			wait(p.upTo(time.Second))
		})},
		{name: "kill -9 while crawling", repeats: true, prepare: hidden, hurt: killWhile((*play).asked)},
		{name: "PostgreSQL killed", quick: true, repeats: true, lives: true, hurt: killPostgres},
		{name: "PostgreSQL stopped and started", repeats: true, lives: true, prepare: outside, hurt: restartPostgres},
		{name: "PostgreSQL without room", repeats: true, prepare: smallDisk, hurt: fillDisk},
		{name: "PostgreSQL read-only", quick: true, lives: true, prepare: outside, hurt: readOnly},
		{name: "PostgreSQL without connections", repeats: true, lives: true, prepare: fewConnections, hurt: takeConnections},
		{name: "a bad line to PostgreSQL", repeats: true, lives: true, prepare: lineToPostgres, hurt: badLineToPostgres},
		{name: "20 % loss and 2 s latency", repeats: true, lives: true, prepare: lines, hurt: badLines},
		{name: "slow, dead and failing name server", repeats: true, lives: true, prepare: named, hurt: badNames},
		{name: "a clock that jumps", repeats: true, lives: true, prepare: jumping, hurt: jumps},
		{name: "receivers that misbehave", quick: true, repeats: true, lives: true, hurt: misbehave},
	}
}

// killWhile kills the program at moments, and starts it again.
func killWhile(moment func(*play)) func(*play) {
	return func(p *play) {
		for range moments() {
			moment(p)
			wait(p.upTo(40 * time.Millisecond))
			p.kill()
			p.start()
		}
	}
}

// upTo is a time of less than d.
func (tr *trial) upTo(d time.Duration) time.Duration { return time.Duration(tr.rnd.Int64N(int64(d))) }

// impatient has commands killed, too.
func impatient(tr *trial) { tr.impatient = true }

// hidden lets people answer without telling us.
func hidden(tr *trial) { tr.hides = true }
