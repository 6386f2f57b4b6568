package pagecache

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain looks whether any test leaves a goroutine behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
