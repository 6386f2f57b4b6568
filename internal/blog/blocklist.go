package blog

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// Bounds of a block list.
const (
	maxBlocklist     = 8 << 20 // bytes
	maxBlocklistRows = 100_000
)

// blocklistHead is the head of Mastodon's export of domain blocks.
var blocklistHead = []string{"#domain", "#severity", "#reject_media", "#reject_reports", "#public_comment", "#obfuscate"}

// BlocklistRow is a row that was understood.
type BlocklistRow struct {
	Line int
	Block
	Was      Severity // of the rule about the same domain that is there now; "" = none
	Affected Affected
}

// Known reports whether the same rule is there already.
func (r BlocklistRow) Known() bool { return r.Was == r.Severity }

// BlocklistProblem is a row that was not taken.
type BlocklistProblem struct {
	Line   int    `json:"line"`
	Text   string `json:"text"`
	Reason string `json:"reason"` // a problem key of i18n
	Detail string `json:"detail"`
}

// Blocklist is what a file of domain blocks says.
type Blocklist struct {
	Rows     []BlocklistRow
	Skipped  []BlocklistProblem // understood, and nothing to do: noop
	Problems []BlocklistProblem
}

// ReadBlocklist reads Mastodon's CSV of domain blocks, or one domain a line.
// Rows that are wrong are listed and do not keep the others out. The error is
// for what cannot be read at all.
func ReadBlocklist(file io.Reader) (Blocklist, error) {
	raw, err := io.ReadAll(io.LimitReader(file, maxBlocklist+1))
	if err != nil {
		return Blocklist{}, fmt.Errorf("read block list: %w", err)
	}
	if len(raw) > maxBlocklist {
		return Blocklist{}, &Invalid{Field: "file", Problem: "too-long", Detail: strconv.Itoa(maxBlocklist)}
	}
	text := strings.TrimPrefix(string(raw), "\ufeff")
	if unstorable(text) {
		return Blocklist{}, &Invalid{Field: "file", Problem: "not-text"}
	}
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1
	r.TrimLeadingSpace = true
	reader := blocklistReader{columns: map[string]int{"domain": 0}, seen: map[string]int{}}
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return reader.list, nil
		}
		var wrong *csv.ParseError
		if errors.As(err, &wrong) {
			reader.problem(wrong.StartLine, strings.Join(record, ","), "csv", wrong.Err.Error())
			continue
		}
		if err != nil {
			return Blocklist{}, fmt.Errorf("read block list: %w", err)
		}
		line, _ := r.FieldPos(0)
		if len(reader.list.Rows)+len(reader.list.Problems) >= maxBlocklistRows {
			return Blocklist{}, &Invalid{Field: "file", Problem: "too-many", Detail: strconv.Itoa(maxBlocklistRows)}
		}
		reader.row(line, record)
	}
}

// blocklistReader takes the rows of a list one after the other.
type blocklistReader struct {
	list    Blocklist
	columns map[string]int
	started bool
	seen    map[string]int // line of a domain
}

func (b *blocklistReader) problem(line int, text, reason, detail string) {
	b.list.Problems = append(b.list.Problems, BlocklistProblem{line, cutText(text), reason, cutText(detail)})
}

func cutText(s string) string {
	if r := []rune(s); len(r) > 200 {
		return string(r[:199]) + "…"
	}
	return s
}

// head reads the first row if it names columns.
func (b *blocklistReader) head(record []string) bool {
	columns := map[string]int{}
	for i, name := range record {
		columns[strings.ToLower(strings.TrimLeft(strings.TrimSpace(name), "#"))] = i
	}
	if _, ok := columns["domain"]; !ok {
		return false
	}
	b.columns = columns
	return true
}

func (b *blocklistReader) row(line int, record []string) {
	first := !b.started
	b.started = true
	text := strings.Join(record, ",")
	if strings.Trim(text, ", \t") == "" || first && b.head(record) {
		return
	}
	column := func(name string) string {
		if i, ok := b.columns[name]; ok && i < len(record) {
			return strings.TrimSpace(record[i])
		}
		return ""
	}
	in := NewBlock{Kind: BlockDomain, Value: column("domain"), Comment: column("public_comment"), Reason: column("private_comment")}
	if strings.HasPrefix(in.Value, "#") {
		return // a remark between the rows
	}
	switch severity := strings.ToLower(column("severity")); severity {
	case "", "suspend", "block":
		in.Severity = SeverityBlock
	case "silence", "limit":
		in.Severity = SeveritySilence
	case "noop", "none":
		b.list.Skipped = append(b.list.Skipped, BlocklistProblem{line, cutText(text), "noop", severity})
		return
	default:
		b.problem(line, text, "severity", severity)
		return
	}
	b.take(line, text, in)
}

// take checks a row, and that no other is about the same domain.
func (b *blocklistReader) take(line int, text string, in NewBlock) {
	block, err := in.Check()
	var invalid *Invalid
	switch {
	case strings.ContainsRune(in.Value, '*'):
		b.problem(line, text, "obfuscated", in.Value)
	case errors.As(err, &invalid):
		b.problem(line, text, invalid.Problem, invalid.Detail)
	case !strings.Contains(block.Value, "."):
		b.problem(line, text, "domain", block.Value)
	case b.seen[block.Value] != 0:
		b.problem(line, text, "twice", strconv.Itoa(b.seen[block.Value]))
	default:
		b.seen[block.Value] = line
		b.list.Rows = append(b.list.Rows, BlocklistRow{Line: line, Block: block})
	}
}

// PreviewBlocklist reads a list and says whom its rows would concern.
func (s *Service) PreviewBlocklist(ctx context.Context, file io.Reader) (Blocklist, error) {
	list, err := ReadBlocklist(file)
	if err != nil || len(list.Rows) == 0 {
		return list, err
	}
	present, _, err := s.BlockList(ctx, BlockQuery{Kinds: []string{BlockDomain}})
	if err != nil {
		return list, fmt.Errorf("preview block list: %w", err)
	}
	known := map[string]Severity{}
	for _, b := range present {
		known[b.Value] = b.Severity
	}
	domains := make([]string, len(list.Rows))
	for i, row := range list.Rows {
		domains[i] = row.Value
	}
	affected, err := s.Affected(ctx, domains)
	if err != nil {
		return list, fmt.Errorf("preview block list: %w", err)
	}
	for i := range list.Rows {
		row := &list.Rows[i]
		row.Was, row.Affected = known[row.Value], affected[row.Value]
	}
	return list, nil
}

// ImportBlocklist takes the good rows of a list, all at once. What the list
// does not name stays, and so does a rule that is there with its reason; one of
// another severity about the same domain is replaced.
func (s *Service) ImportBlocklist(ctx context.Context, by uuid.UUID, file io.Reader) (Blocklist, error) {
	list, err := s.PreviewBlocklist(ctx, file)
	if err != nil || len(list.Rows) == 0 {
		return list, err
	}
	var blocks []Block
	for _, row := range list.Rows {
		if !row.Known() {
			row.Account, row.Created = by, s.Now()
			blocks = append(blocks, row.Block)
		}
	}
	if len(blocks) == 0 {
		return list, nil
	}
	audit := s.audit(by, "block.import", "")
	audit.Detail = map[string]string{"taken": strconv.Itoa(len(blocks)), "bad": strconv.Itoa(len(list.Problems))}
	if err := s.Store.AddBlocks(ctx, blocks, s.NewID, audit); err != nil {
		return list, fmt.Errorf("import block list: %w", err)
	}
	return list, nil
}

// ExportBlocklist writes the blocked and silenced servers as Mastodon's CSV,
// in the order of their names.
func (s *Service) ExportBlocklist(ctx context.Context, w io.Writer) error {
	blocks, _, err := s.BlockList(ctx, BlockQuery{Kinds: []string{BlockDomain}})
	if err != nil {
		return fmt.Errorf("export block list: %w", err)
	}
	slices.SortFunc(blocks, func(a, b Block) int { return strings.Compare(a.Value, b.Value) })
	out := csv.NewWriter(w)
	rows := [][]string{blocklistHead}
	for _, b := range blocks {
		severity := map[Severity]string{SeverityBlock: "suspend", SeveritySilence: "silence"}[b.Severity]
		if severity == "" {
			continue
		}
		rejects := strconv.FormatBool(b.Severity == SeverityBlock)
		rows = append(rows, []string{b.Value, severity, rejects, rejects, b.Comment, "false"})
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("export block list: %w", err)
	}
	return nil
}
