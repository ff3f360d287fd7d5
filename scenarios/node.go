package scenarios

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// maxFileBytes bounds a scenario file; nobody writes one this long by hand.
const maxFileBytes = 1 << 20

// node is what a scenario may consist of: a scalar as written, a list, or a
// map in the order of the file.
type node struct {
	at      Place
	kind    nodeKind
	text    string // of a scalar
	items   []node // of a list
	entries []entry
}

type entry struct {
	key   node // a scalar
	value node
}

type nodeKind uint8

const (
	scalarNode nodeKind = iota
	listNode
	mapNode
	emptyNode // nothing was written
)

func (k nodeKind) String() string {
	return [...]string{"a value", "a list", "a map", "nothing"}[k]
}

// source is a file being read.
type source struct {
	name  string
	lines []string
}

// readNodes parses one YAML document.
func readNodes(name string, text []byte) (root node, err error) {
	s := &source{name: name, lines: strings.Split(string(text), "\n")}
	if len(text) > maxFileBytes {
		return node{}, mistake(Place{File: name}, 0, fmt.Sprintf("the file has %d bytes, %d is the most", len(text), maxFileBytes), "name a scenario file")
	}
	if !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 {
		return node{}, mistake(Place{File: name}, 0, "the file is not UTF-8 text", "name a scenario file")
	}
	// The parser gives up on some malformed documents by a panic.
	defer func() {
		if recover() != nil {
			root, err = node{}, mistake(Place{File: name}, 0, "not YAML", "see `zbench scenarios show quickstart` for how a scenario looks")
		}
	}()
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return node{}, s.syntax(err)
	}
	if len(file.Docs) > 1 {
		return node{}, s.fail(file.Docs[1].Body, "a second document begins here", "write one scenario a file")
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return node{at: Place{File: name}, kind: emptyNode}, nil
	}
	return s.convert(file.Docs[0].Body, 0)
}

// syntax turns the parser's complaint into ours.
func (s *source) syntax(err error) error {
	var ye yaml.Error
	if !errors.As(err, &ye) || ye.GetToken() == nil || ye.GetToken().Position == nil {
		return mistake(Place{File: s.name}, 0, "not YAML: "+firstLine(err.Error()), "")
	}
	p := ye.GetToken().Position
	mend := "check colons, brackets and indentation there"
	if strings.Contains(ye.GetMessage(), "already defined") {
		mend = "keep one of them"
	}
	return mistake(s.place(p.Line, p.Column), utf8.RuneCountInString(ye.GetToken().Value), firstLine(ye.GetMessage()), mend)
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return strings.TrimSpace(strings.ReplaceAll(line, "\t", `\t`))
}

func (s *source) place(line, column int) Place {
	p := Place{File: s.name, Line: line, Column: column}
	if line >= 1 && line <= len(s.lines) {
		p.Source = strings.TrimRight(s.lines[line-1], "\r")
	}
	return p
}

// where is the place of a node; the parser sets a map's at its first colon.
func (s *source) where(n ast.Node) Place {
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) > 0 && !m.IsFlowStyle {
		n = m.Values[0]
	}
	if v, ok := n.(*ast.MappingValueNode); ok {
		n = v.Key
	}
	if n == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return Place{File: s.name}
	}
	p := n.GetToken().Position
	return s.place(p.Line, p.Column)
}

func (s *source) fail(n ast.Node, what, mend string) error {
	return mistake(s.where(n), 1, what, mend)
}
