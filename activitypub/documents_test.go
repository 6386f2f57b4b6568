package activitypub

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares got with the file, or writes the file with -update.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
}

func read(t testing.TB, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Documents of other servers, stored by host; beside each the fields that are read from it.
func TestDecodeDocuments(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.*/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no documents", err)
	}
	for _, file := range files {
		t.Run(strings.TrimPrefix(file, "testdata/"), func(t *testing.T) {
			o, err := Decode(read(t, file))
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			dump(&b, "", reflect.ValueOf(*o))
			golden(t, strings.TrimSuffix(file, ".json")+".txt", b.String())
		})
	}
}

// dump writes the fields that are set, one a line. Long texts are cut.
func dump(b *strings.Builder, path string, v reflect.Value) {
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	switch value := v.Interface().(type) {
	case time.Time:
		fmt.Fprintf(b, "%s = %s\n", path, value.Format(time.RFC3339Nano))
		return
	case string:
		if len(value) > 100 {
			value = fmt.Sprintf("%s… (%d bytes)", cut(value, 60), len(value))
		}
		fmt.Fprintf(b, "%s = %q\n", path, value)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			name := v.Type().Field(i).Name
			if f := v.Field(i); !f.IsZero() && !(name == "TotalItems" && f.Int() == -1) {
				dump(b, strings.TrimPrefix(path+"."+name, "."), f)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			dump(b, fmt.Sprintf("%s[%d]", path, i), v.Index(i))
		}
	default:
		fmt.Fprintf(b, "%s = %v\n", path, v)
	}
}
