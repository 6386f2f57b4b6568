package jsonld

// Map is a JSON object that keeps the order of its members. Each key occurs once: of duplicates the last value counts,
// in the place of the first.
type Map struct {
	Members []Member
	index   map[string]int
}

// Member is one key and its value: nil, bool, float64, string, *Map or []any of these.
type Member struct {
	Key   string
	Value any
}

// indexed is the number of members from which on a Map finds its keys by hash: a long scan for each of ten thousand keys would be quadratic.
const indexed = 24

// Get returns the value of key, nil if there is none.
func (m *Map) Get(key string) any {
	if i := m.find(key); i >= 0 {
		return m.Members[i].Value
	}
	return nil
}

// Set gives key a value, replacing the one that it has.
func (m *Map) Set(key string, value any) {
	if i := m.find(key); i >= 0 {
		m.Members[i].Value = value
		return
	}
	m.Members = append(m.Members, Member{key, value})
	switch n := len(m.Members); {
	case n == indexed:
		m.buildIndex()
	case n > indexed:
		m.index[key] = n - 1
	}
}

func (m *Map) buildIndex() {
	m.index = make(map[string]int, 2*indexed)
	for i, member := range m.Members {
		m.index[member.Key] = i
	}
}

func (m *Map) find(key string) int {
	if m.index != nil {
		if i, ok := m.index[key]; ok {
			return i
		}
		return -1
	}
	for i := range m.Members {
		if m.Members[i].Key == key {
			return i
		}
	}
	return -1
}
