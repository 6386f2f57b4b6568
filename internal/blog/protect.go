package blog

import "strings"

// AccountSettings are what is asked of all who have an account.
type AccountSettings struct {
	SecondFactor SecondFactor `json:"second_factor"`
}

// SecondFactor is of whom a second factor is required.
type SecondFactor string

// The choices.
const (
	SecondFactorOff   SecondFactor = "off" // each account decides for itself
	SecondFactorStaff SecondFactor = "staff"
	SecondFactorAll   SecondFactor = "all"
)

// Wants reports whether a second factor is required of a role. Staff are all
// who may change what is not their own.
func (s AccountSettings) Wants(role Role) bool {
	switch s.SecondFactor {
	case SecondFactorAll:
		return true
	case SecondFactorStaff:
		return role != Author
	}
	return false
}

func (s AccountSettings) check() error {
	switch s.SecondFactor {
	case "", SecondFactorOff, SecondFactorStaff, SecondFactorAll:
		return nil
	}
	return &Invalid{Field: "second_factor", Problem: "second-factor", Detail: string(s.SecondFactor)}
}

// EventNote says where something happened to the security of an account, from
// the detail of its entry in the audit log.
func EventNote(detail map[string]string) string {
	var parts []string
	for _, key := range []string{"name", "device", "network"} {
		if detail[key] != "" {
			parts = append(parts, detail[key])
		}
	}
	return strings.Join(parts, " · ")
}
