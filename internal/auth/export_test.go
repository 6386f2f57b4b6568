package auth

import (
	"context"
	"net/netip"
	"time"
)

// What tests outside, which have a database, see of the inside.

type Brake = brake

const (
	FreeTries   = freeTries
	MaxWaitName = maxWaitName
)

func NewBrake(store TryStore, now func() time.Time) *Brake { return &brake{now, store} }

func (b *brake) Try(ctx context.Context, name string, from netip.Addr) (int, error) {
	return b.try(ctx, name, from)
}

func (b *brake) Forgive(ctx context.Context, name string, from netip.Addr) error {
	return b.forgive(ctx, name, from)
}
