package jsonld

// Read reads raw as one JSON object under the usual names of the vocabulary. The error is a *Malformed.
func Read(raw []byte) (*Map, error) {
	p, err := parse(raw)
	if err != nil {
		return nil, err
	}
	return p.root, nil
}
