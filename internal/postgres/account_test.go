package postgres

import (
	"errors"
	"testing"

	"kabar/internal/blog"
)

func TestAccounts(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	heard := hear(s)
	ana := blog.Account{ID: newID(), Name: "Ana", Email: "a@a.test", Password: "$x", Role: blog.Owner, Language: "id", Created: at(0)}
	budi := blog.Account{ID: newID(), Name: "budi", Role: blog.Author, Created: at(1)}
	check(t, s.InsertAccount(t.Context(), ana, audit("account.create")))
	check(t, s.InsertAccount(t.Context(), budi, audit("account.create")))
	differ(t, "tags", []string{blog.PageSite, blog.PageSite}, *heard)

	twin := ana
	twin.ID, twin.Name = newID(), "ANA"
	err := s.InsertAccount(t.Context(), twin, audit("x"))
	var invalid *blog.Invalid
	if !errors.Is(err, blog.ErrConflict) || !errors.As(err, &invalid) || invalid.Field != "name" {
		t.Errorf("same name: got %v", err)
	}

	check(t, s.SetPassword(t.Context(), ana.ID, "$y", audit("account.password")))
	ana.Password = "$y"
	got, err := s.Account(t.Context(), ana.ID)
	check(t, err)
	differ(t, "by id", ana, got)
	got, err = s.AccountByName(t.Context(), "aNa")
	check(t, err)
	differ(t, "by name", ana, got)
	all, err := s.Accounts(t.Context())
	check(t, err)
	differ(t, "all", []blog.Account{ana, budi}, all)
	differ(t, "audit", []string{"account.create", "account.create", "account.password"}, actions(t, s))
}

func TestUnknownAccount(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	_, byID := s.Account(t.Context(), newID())
	_, byName := s.AccountByName(t.Context(), "ana")
	for name, err := range map[string]error{
		"id": byID, "name": byName, "password": s.SetPassword(t.Context(), newID(), "$y", audit("x")),
	} {
		if !errors.Is(err, blog.ErrNotFound) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
