package wellknown_test

import (
	"context"
	"fmt"
	"net/http/httptest"

	"kabar/activitypub/wellknown"
)

func ExampleWebFinger() {
	h := &wellknown.WebFinger{Lookup: func(_ context.Context, r wellknown.Resource) (*wellknown.JRD, error) {
		if r.Handle() != "blog@blog.example" {
			return nil, wellknown.ErrUnknown
		}
		return &wellknown.JRD{Subject: r.String()}, nil
	}}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", wellknown.WebFingerPath+"?resource=acct:blog@blog.example", nil))
	fmt.Print(w.Code, " ", w.Body)
	// Output: 200 {"subject":"acct:blog@blog.example"}
}
