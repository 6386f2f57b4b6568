package templates

import (
	"time"

	"kabar/internal/i18n"
)

// securityPages are those of signing in and of what keeps an account safe.
func securityPages(f Frame, s Studio) map[string]Page {
	asks := asking{Next: "/studio", Kept: sampleKept(), Passkeys: true, Problems: Problems{"": i18n.M("second.wrong")}}
	waits := asking{Next: "/studio", Wait: 90 * time.Second}
	return map[string]Page{
		"login-passkey": &LoginPage{Frame: f, Passkeys: true, Kept: sampleKept()},
		"second":        &SecondPage{Frame: f, App: true, asking: asks},
		"second-waits":  &SecondPage{Frame: f, asking: waits},
		"confirm":       &ConfirmPage{Frame: f, Account: hostileName, asking: asks},
		"confirm-waits": &ConfirmPage{Frame: f, Account: "ratri", asking: waits},
		"codes":         &CodesPage{Frame: f, Studio: s, Codes: []string{"abcd-efgh-ijkl-mnop"}, File: "data:text/plain;base64,eA==", Next: "/studio/security"},
		"security": &SecurityPage{
			Frame: f, Studio: s, Account: "ratri", App: true, MayKey: true, Codes: 2, FewCodes: true, Factor: true,
			Passkeys: []PasskeyRow{{"x", hostileName, at(21, 7, 0), at(22, 7, 0), false}, {"y", "Ponsel", at(21, 7, 0), time.Time{}, true}},
			SignIns:  []SignInRow{{"1", "Firefox, Linux", "192.0.2.0/24", "passkey", at(21, 7, 0), at(22, 7, 0), true}, {"2", "", "", "recovery", at(21, 7, 0), at(22, 7, 0), false}},
			Events:   []EventRow{{at(22, 7, 0), i18n.T(f.Lang, "alert.security.sign-in"), hostileName}},
			Problems: Problems{"present": i18n.M("problem.wrong-present"), "password": i18n.M("problem.password-too-short"), "passkey": i18n.M("problem.passkey-known")},
		},
		"security-wanted": &SecurityPage{
			Frame: f, Studio: s, Account: "ratri", Wanted: true,
			NewApp:   &AppSetup{Secret: "ABCD EFGH", URL: "otpauth://totp/x", Size: 21, Path: "M0 0h1v1h-1z"},
			SignIns:  []SignInRow{{"1", "Chrome, Android", "2001:db8::/48", "app", at(21, 7, 0), at(22, 7, 0), true}, {"2", "", "", "password", at(21, 7, 0), at(22, 7, 0), false}},
			Problems: Problems{"code": i18n.M("problem.wrong-code")},
		},
	}
}
