package jsonld

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// plain turns a tree into text that keeps the order.
func plain(value any) string {
	switch value := value.(type) {
	case *Map:
		var members []string
		for _, m := range value.Members {
			members = append(members, fmt.Sprintf("%q:%s", m.Key, plain(m.Value)))
		}
		return "{" + strings.Join(members, ",") + "}"
	case []any:
		var values []string
		for _, v := range value {
			values = append(values, plain(v))
		}
		return "[" + strings.Join(values, ",") + "]"
	case string:
		return fmt.Sprintf("%q", value)
	case nil:
		return "null"
	}
	return fmt.Sprint(value)
}

func TestParse(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"empty", ` { } `, `{}`},
		{"order is kept", `{"b":1,"a":2}`, `{"b":1,"a":2}`},
		{"the last duplicate counts", `{"a":1,"b":2,"a":3}`, `{"a":3,"b":2}`},
		{"keys are exact", `{"ID":1,"id":2}`, `{"ID":1,"id":2}`},
		{"all kinds", `{"a":[true,false,null,"x",-1.5e2,{"b":[]}]}`, `{"a":[true,false,null,"x",-150,{"b":[]}]}`},
		{"white space", "{\r\n\t\"a\" : [ 1 , 2 ] , \"b\" : { \"c\" : 3 } }\n", `{"a":[1,2],"b":{"c":3}}`},
		{"escapes", `{"a\u0062":"\"\\\/\u00e9\ud83d\ude00"}`, `{"ab":"\"\\/é😀"}`},
		{"lone surrogate", `{"a":"\ud800"}`, `{"a":"\ufffd"}`},
		{"escaped quote at the end", `{"a":"\\\""}`, `{"a":"\\\""}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m, err := Parse([]byte(test.in))
			if err != nil {
				t.Fatal(err)
			}
			got := plain(m)
			if test.name == "lone surrogate" {
				got = strings.ReplaceAll(got, "\uFFFD", `\ufffd`)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseMalformed(t *testing.T) {
	t.Parallel()
	many := strings.Repeat("1,", MaxNodes)
	tests := []struct{ name, in, want string }{
		{"nothing", ``, "not one valid JSON value"},
		{"white space", `  `, "not one valid JSON value"},
		{"an array", `[{}]`, "not a JSON object"},
		{"a string", `"x"`, "not a JSON object"},
		{"null", `null`, "not a JSON object"},
		{"trailing bytes", `{} x`, "not one valid JSON value"},
		{"two documents", `{}{}`, "not one valid JSON value"},
		{"cut off", `{"a":`, "not one valid JSON value"},
		{"trailing comma", `{"a":1,}`, "not one valid JSON value"},
		{"comment", `{/* */}`, "not one valid JSON value"},
		{"single quotes", `{'a':1}`, "not one valid JSON value"},
		{"byte order mark", "\ufeff{}", "not one valid JSON value"},
		{"control character in a string", "{\"a\":\"\x01\"}", "not one valid JSON value"},
		{"too deep", `{"a":` + strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth) + `}`, "more than 32 levels deep"},
		{"very deep", `{"a":` + strings.Repeat(`{"a":`, 9000) + "1" + strings.Repeat("}", 9000) + `}`, "more than 32 levels deep"},
		{"too many values", `{"a":[` + many + `1]}`, "more than 10,000 values"},
		{"too long", `{"a":"` + strings.Repeat("x", MaxBytes) + `"}`, "longer than 1 MiB"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Parse([]byte(test.in))
			var malformed *Malformed
			if !errors.As(err, &malformed) {
				t.Fatalf("error %v, want a *Malformed", err)
			}
			if diff := cmp.Diff(test.want, malformed.Reason); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseWithinBounds(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in string }{
		{"deep", `{"a":` + strings.Repeat("[", MaxDepth-1) + strings.Repeat("]", MaxDepth-1) + `}`},
		{"many values", `{"a":[` + strings.Repeat("1,", MaxNodes-2) + `1]}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, err := Parse([]byte(test.in)); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestMapIndex(t *testing.T) {
	t.Parallel()
	m := &Map{}
	for round := range 2 {
		for i := range 3 * indexed {
			m.Set(fmt.Sprint(i), i+round)
		}
	}
	if len(m.Members) != 3*indexed {
		t.Errorf("%d members, want %d", len(m.Members), 3*indexed)
	}
	for i := range 3 * indexed {
		if got := m.Get(fmt.Sprint(i)); got != i+1 {
			t.Errorf("member %d is %v, want %d", i, got, i+1)
		}
	}
	if got := m.Get("absent"); got != nil {
		t.Errorf("absent member is %v", got)
	}
}
