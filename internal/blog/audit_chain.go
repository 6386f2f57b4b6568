package blog

import (
	"context"
	"errors"
	"fmt"
)

// ErrAuditChanged says that the audit log is not what was once written.
var ErrAuditChanged = errors.New("the audit log was changed after it was written")

// AuditChain is what the hashes of the audit log tell.
type AuditChain struct {
	Entries int64  // how many there are
	Head    string // the hash of the newest, in hexadecimal digits; "" without entries
	Broken  int64  // number of the first entry that does not fit the one before; 0 = none
	Known   int64  // number of the entry with the hash that was asked for; 0 = none
}

// VerifyAudit checks that no entry of the audit log was changed, removed or put
// in. Whoever may change the database can write all of it anew, with hashes
// that fit; only a head that was noted elsewhere tells then: known is one, in
// small letters, or "". What does not hold is an ErrAuditChanged.
func (s *Service) VerifyAudit(ctx context.Context, known string) (AuditChain, error) {
	chain, err := s.AuditChain(ctx, known)
	switch {
	case err != nil:
		return AuditChain{}, err
	case chain.Broken != 0:
		return chain, fmt.Errorf("%w: entry %d does not fit what stands before it, so one of the two was changed, or some are missing; compare with a backup",
			ErrAuditChanged, chain.Broken)
	case known != "" && chain.Known == 0:
		return chain, fmt.Errorf("%w: no entry has the hash %s, so the log was cut off or written anew since; compare with a backup from then",
			ErrAuditChanged, known)
	}
	return chain, nil
}
