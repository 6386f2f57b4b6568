package httpsig

import (
	"encoding/base64"
	"fmt"
	"strings"
)

func readCavage(header string) (*cavage, error) {
	params, err := cavageParams(header)
	if err != nil {
		return nil, err
	}
	headers, ok := params["headers"]
	if !ok {
		headers = "date"
	}
	c := &cavage{
		keyID:     params["keyId"],
		algorithm: strings.ToLower(params["algorithm"]),
		covered:   strings.Fields(strings.ToLower(headers)),
		signature: params["signature"],
		created:   params["created"],
		expires:   params["expires"],
	}
	if c.keyID == "" || c.signature == "" || len(c.covered) == 0 {
		return nil, refuse(ReasonMalformed, "keyId, headers or signature is empty")
	}
	if _, err := base64.StdEncoding.DecodeString(c.signature); err != nil {
		return nil, refuse(ReasonMalformed, "signature is not base64")
	}
	return c, nil
}

// cavageParams reads name=value and name="value", separated by commas with or
// without spaces. A name that stands twice is refused: two readers could
// disagree on which one counts.
func cavageParams(header string) (map[string]string, error) {
	if len(header) > maxHeader {
		return nil, refuse(ReasonMalformed, "Signature header too long")
	}
	params := make(map[string]string)
	rest := strings.TrimSpace(header)
	for rest != "" {
		name, after, ok := strings.Cut(rest, "=")
		name = strings.TrimSpace(name)
		if !ok || name == "" || strings.ContainsAny(name, `", `) {
			return nil, refuse(ReasonMalformed, "Signature header is not name=value")
		}
		if _, twice := params[name]; twice {
			return nil, refuse(ReasonMalformed, fmt.Sprintf("%q stands twice", name))
		}
		value, next, err := cavageValue(strings.TrimSpace(after))
		if err != nil {
			return nil, err
		}
		params[name], rest = value, next
	}
	return params, nil
}

// cavageValue reads one value and the comma after it.
func cavageValue(s string) (value, rest string, err error) {
	quoted, isQuoted := strings.CutPrefix(s, `"`)
	if isQuoted {
		end := strings.IndexByte(quoted, '"')
		if end < 0 || strings.Contains(quoted[:end], `\`) {
			return "", "", refuse(ReasonMalformed, "unfinished or escaped string")
		}
		value, rest = quoted[:end], strings.TrimSpace(quoted[end+1:])
		if rest != "" && rest[0] != ',' {
			return "", "", refuse(ReasonMalformed, "no comma after a value")
		}
		return value, strings.TrimSpace(strings.TrimPrefix(rest, ",")), nil
	}
	value, rest, _ = strings.Cut(s, ",")
	return strings.TrimSpace(value), strings.TrimSpace(rest), nil
}
