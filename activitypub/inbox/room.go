package inbox

import (
	"io"
	"sync"
)

const (
	// bodyRoom is how many bytes of bodies are held at a time, in all.
	bodyRoom = 64 << 20
	// bodyShare is what one sender may have of them: who sends large bodies
	// slowly from one place does not keep others out.
	bodyShare = bodyRoom / 8
)

// room counts the bytes of bodies that came and are worked on. Bytes count as
// they come: what a header announces costs nothing. The zero value is empty.
type room struct {
	mu    sync.Mutex
	taken int64
	by    map[string]int64
}

// take reports whether n more bytes of a sender have room; they are counted
// either way, for give. The sender "" has no share: it is not known who it is.
func (m *room) take(sender string, n int64) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.taken += n
	if sender == "" {
		return m.taken <= bodyRoom
	}
	if m.by == nil {
		m.by = make(map[string]int64)
	}
	m.by[sender] += n
	return m.taken <= bodyRoom && m.by[sender] <= bodyShare
}

func (m *room) give(sender string, n int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.taken -= n
	if sender == "" {
		return
	}
	if m.by[sender] -= n; m.by[sender] == 0 {
		delete(m.by, sender)
	}
}

// parcel is one body in the room; leave must be called when it is done with.
type parcel struct {
	room   *room
	sender string
	body   io.Reader
	n      int64
}

// Read implements io.Reader; the error is ErrBusy when there is no room.
func (p *parcel) Read(b []byte) (int, error) {
	n, err := p.body.Read(b)
	if n == 0 {
		return n, err
	}
	p.n += int64(n)
	if !p.room.take(p.sender, int64(n)) {
		return n, ErrBusy
	}
	return n, err
}

func (p *parcel) leave() {
	if p.n > 0 {
		p.room.give(p.sender, p.n)
	}
}
