package templates

import (
	"html/template"
	"time"

	"kabar/internal/i18n"
)

// Addresses of moderation.
const (
	// StudioModerationPath shows the policies and the defence against spam; POST
	// changes them.
	StudioModerationPath = "/studio/moderation"
	// StudioWordsPath lists words and patterns; POST takes do=add with kind,
	// value, severity and reason, or do=remove with kind and value.
	StudioWordsPath = "/studio/words"
	// StudioBlocksPath lists rules about servers and people; POST takes do=add
	// with value, severity, reason, past and sure, or do=remove with kind and
	// value.
	StudioBlocksPath = "/studio/blocks"
	// StudioExportPath is the list of servers as a file.
	StudioExportPath = "/studio/blocks/export"
	// StudioImportPath takes such a file: do=preview with file, then do=import
	// with list, the text of the file.
	StudioImportPath = "/studio/blocks/import"
	// StudioReportsPath lists reports. One of them takes POST at its own
	// address, with note and do: note, resolve or reopen.
	StudioReportsPath = "/studio/reports"
	// StudioAuditPath is the log of what was decided.
	StudioAuditPath = "/studio/audit"
)

// Tabbed is what the pages of moderation have in common.
type Tabbed struct {
	Tabs []Filter
}

// ModerationPage shows the policies of the blog and its defence against spam.
type ModerationPage struct {
	Frame
	Studio
	Tabbed
	policies
	Form      ModerationForm
	MayChange bool
	Trusted   int          // servers on the list of allow-list mode
	Newcomer  i18n.Message // what becomes of a newcomer's plain answer
	Problems  Problems     // by the fields of the form, and by the names of rules
}

// ModerationForm is what ModerationPage holds; numbers as they were typed.
type ModerationForm struct {
	Policy     string // field "comments"
	CloseDays  string // field "close_after"
	Web        bool
	WebHold    bool
	Quotes     string
	AllowList  bool
	Rules      []SpamRuleForm
	Wait, Spam string
}

// SpamRuleForm is a rule against spam: the fields NAME, NAME-limit and
// NAME-points.
type SpamRuleForm struct {
	Name          string
	On            bool
	Limit, Points string
}

// HasLimit reports whether the rule compares anything with its limit.
func (r SpamRuleForm) HasLimit() bool { return r.Name != "first-contact" }

// policies are those to choose from, for the blog and for an article.
type policies struct{}

// CommentPolicies are the policies for comments.
func (policies) CommentPolicies() []string {
	return []string{"open", "first", "followers", "approved", "closed"}
}

// QuotePolicies are the policies for quotes.
func (policies) QuotePolicies() []string {
	return []string{"open", "followers", "ask", "closed"}
}

// WordsPage lists the words and patterns that comments are compared with.
type WordsPage struct {
	Frame
	Studio
	Tabbed
	Query    string // field "q"
	Total    int
	Rows     []BlockRow
	Paging   Paging
	Form     BlockForm
	Problems Problems // fields "block", "kind", "severity", "reason"
}

// BlocksPage lists the rules about servers and people.
type BlocksPage struct {
	Frame
	Studio
	Tabbed
	Filters  []Filter
	Filter   string // the current one, sent along with a search; empty for all
	Query    string // field "q"
	Total    int
	Rows     []BlockRow
	Paging   Paging
	Form     BlockForm
	Problems Problems // fields "block", "severity", "reason"
}

// BlockForm is a rule as it is typed.
type BlockForm struct {
	Kind, Value, Severity, Reason string
	Past                          bool
}

// BlockRow is a rule about a server, a person, a word or a pattern.
type BlockRow struct {
	Kind     string // domain, actor, word or regex
	Value    string
	Who      *Person // a person we know
	Severity string
	Reason   string // may be empty
	Comment  string // of the list it came with; may be empty
	Since    time.Time
	By       string // name of the account; may be empty
	Change   string // address of the form with this rule
}

// BlockPage asks before a rule takes something from readers or followers.
type BlockPage struct {
	Frame
	Studio
	Tabbed
	Form   BlockForm
	Name   string // of whom it is about
	Person bool
	Record RecordBox
}

// ImportPage takes a list of servers. Before it does, it shows what is in it.
type ImportPage struct {
	Frame
	Studio
	Tabbed
	Preview   bool
	List      string // text of the file
	New       int
	Known     int
	Followers int
	Comments  int
	Rows      []ImportRow // new ones, those first that concern somebody
	Skipped   []ImportLine
	Bad       []ImportLine
	MoreRows  int // that are not shown
	MoreBad   int
	Problems  Problems // field "file"
}

// BadCount is how many lines are wrong.
func (p *ImportPage) BadCount() int { return len(p.Bad) + p.MoreBad }

// ImportRow is one rule of a list.
type ImportRow struct {
	Line                int
	Domain              string
	Severity            string
	Was                 string // of the rule it replaces; empty for none
	Comment             string
	Followers, Comments int
}

// ImportLine is a line of which nothing is taken.
type ImportLine struct {
	Line int
	Text string
	Said i18n.Message
}

// ReportsPage lists reports.
type ReportsPage struct {
	Frame
	Studio
	Tabbed
	Filters []Filter
	Rows    []ReportRow
	Paging  Paging
	Here    string
}

// ReportRow is one report.
type ReportRow struct {
	ID       string
	At       time.Time
	Made     bool   // here
	Forward  bool   // and sent to the server it is about
	From     string // server that sent it, or name of the account that did here
	Text     string
	Comments []ReportedComment
	Others   []Link // what else it is about
	Resolved time.Time
	By       string // who resolved it
	Note     string
	Problems Problems // field "note"
}

// ReportedComment is a comment that a report is about. The first one on the
// page has its anchor.
type ReportedComment struct {
	CommentRow
	Anchor bool
}

// Field is the id of a field of this report.
func (r ReportRow) Field(name string) string { return name + "-" + r.ID }

// Place is where the form of the report posts to.
func (r ReportRow) Place() string { return StudioReportsPath + "/" + r.ID }

// Problem is what is wrong with the note.
func (r ReportRow) Problem(f Frame) problemData {
	return problemData{ID: r.Field("note") + "-problem", Text: problemText(f, r.Problems, "note")}
}

// AuditPage is the log of what was decided and changed, newest first.
type AuditPage struct {
	Frame
	Studio
	Tabbed
	People  []Choice // field "by"
	Actions []ActionGroup
	Query   string // field "q"
	Asked   bool   // the list is narrowed
	Here    string
	Rows    []AuditRow
	Paging  Paging
}

// ActionGroup is a part of the choices of field "action".
type ActionGroup struct {
	Label   string
	Choices []Choice
}

// AuditRow is one entry of the log.
type AuditRow struct {
	At      time.Time
	By      string // name of the account; empty: the command line or the program
	Said    string
	Subject Link
	Who     *Person // the subject, where it is a person of another server
	Details []string
	Undo    string // the batch that can be taken back; empty for none
}

func (*ModerationPage) file() string { return "studio/moderation" }
func (*WordsPage) file() string      { return "studio/moderation_words" }
func (*BlocksPage) file() string     { return "studio/moderation_blocks" }
func (*BlockPage) file() string      { return "studio/moderation_block" }
func (*ImportPage) file() string     { return "studio/moderation_import" }
func (*ReportsPage) file() string    { return "studio/moderation_reports" }
func (*AuditPage) file() string      { return "studio/moderation_audit" }

// moderationPaths are the functions of the templates for these addresses.
var moderationPaths = template.FuncMap{
	"moderationPath": fixed(StudioModerationPath), "wordsPath": fixed(StudioWordsPath), "blocksPath": fixed(StudioBlocksPath),
	"exportPath": fixed(StudioExportPath), "importPath": fixed(StudioImportPath), "reportsPath": fixed(StudioReportsPath),
	"auditPath": fixed(StudioAuditPath), "severityIcon": severityIcon,
}

// severityIcon is the sign of what a rule does.
func severityIcon(severity string) string {
	return map[string]string{"block": "ban", "silence": "eye", "allow": "check"}[severity]
}
