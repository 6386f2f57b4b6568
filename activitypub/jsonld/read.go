package jsonld

// Read reads raw as one JSON object under the usual names of the vocabulary. It is expanded only if it must be; what cannot be
// expanded, or is too big for it, is taken as it stands. The error is a *Malformed.
func Read(raw []byte) (*Map, error) {
	p, err := parse(raw)
	if err != nil {
		return nil, err
	}
	must, survey := p.mustExpand()
	if !must {
		return p.root, nil
	}
	node, err := p.expand(survey)
	if err != nil {
		return p.root, nil
	}
	r := &renamer{vocabulary: survey.vocabulary, languages: languagesOf(p.root)}
	return r.object(node), nil
}
