package drivers

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"zbench/engines"
	"zbench/results"
)

// TemplatePrefix begins a payload that is a text with marks, for services that
// read what they get: "template:TEXT", or "template:@FILE" without the file's
// last newline. Such bodies carry no stamp.
const TemplatePrefix = "template:"

// The marks of a template. Everything else stands for itself, other braces too.
const (
	seqMark    = "{seq}"    // a number of its own for every message of the run, from 0 on
	clientMark = "{client}" // index of the client, from 0 on
)

const (
	maxTemplateBytes = 1 << 20
	longestNumber    = 20 // digits of a 64-bit one
)

// template makes bodies: the first text, then each mark's number and the text
// behind it.
type template struct {
	first []byte
	rest  []piece
}

type piece struct {
	client bool // else the sequence
	text   []byte
}

// templateOf gives the template of a payload, nil where it is none.
func templateOf(payload string) (*template, error) {
	text, ok := strings.CutPrefix(payload, TemplatePrefix)
	if !ok {
		return nil, nil
	}
	if name, ok := strings.CutPrefix(text, "@"); ok {
		b, err := readTemplate(name)
		if err != nil {
			return nil, err
		}
		text = strings.TrimSuffix(string(b), "\n")
	}
	if text == "" {
		return nil, fmt.Errorf("payload %s is empty; write a text with %s behind it, or @ and a file's name", payload, seqMark)
	}
	return newTemplate([]byte(text)), nil
}

func readTemplate(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("payload: %w; name a file that can be read", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxTemplateBytes+1))
	if err != nil {
		return nil, fmt.Errorf("payload: %w; name a file that can be read", err)
	}
	if len(b) > maxTemplateBytes {
		return nil, fmt.Errorf("payload %s is over %d bytes; use file: for bodies that are always the same", name, maxTemplateBytes)
	}
	return b, nil
}

func newTemplate(text []byte) *template {
	t := &template{}
	for {
		i, mark := nextMark(text)
		if t.rest == nil {
			t.first = text[:i]
		} else {
			t.rest[len(t.rest)-1].text = text[:i]
		}
		if mark == "" {
			return t
		}
		t.rest = append(t.rest, piece{client: mark == clientMark})
		text = text[i+len(mark):]
	}
}

// nextMark finds the first mark; "" at the end of the text where there is none.
func nextMark(text []byte) (at int, mark string) {
	at = len(text)
	for _, m := range []string{seqMark, clientMark} {
		if i := bytes.Index(text, []byte(m)); i >= 0 && i < at {
			at, mark = i, m
		}
	}
	return at, mark
}

// render appends a body to b.
func (t *template) render(b []byte, seq uint64, client int) []byte {
	b = append(b, t.first...)
	for i := range t.rest {
		p := &t.rest[i]
		if p.client {
			b = strconv.AppendInt(b, int64(client), 10)
		} else {
			b = strconv.AppendUint(b, seq, 10)
		}
		b = append(b, p.text...)
	}
	return b
}

// least is the size of the shortest body, and longest that of the longest, in
// bytes; 0 of no template.
func (t *template) least() int {
	if t == nil {
		return 0
	}
	n := len(t.first)
	for _, p := range t.rest {
		n += 1 + len(p.text)
	}
	return n
}

func (t *template) longest() int {
	if t == nil {
		return 0
	}
	return t.least() + (longestNumber-1)*len(t.rest)
}

// resolveTemplate settles what a payload that is a template says of its cell:
// the size is that of the shortest body.
func resolveTemplate(c *results.Cell) error {
	t, err := templateOf(c.Payload)
	switch {
	case err != nil:
		return invalid("%v", err)
	case t == nil:
		return nil
	case len(c.Endpoints) == 0 || c.Placement == Served:
		return invalid("payload %s is for services that read what they get, and zbench's own peers do not; add connect or bind", TemplatePrefix)
	case c.Frames > 1:
		return invalid("frames %d: a template is the one frame of a body; leave frames out", c.Frames)
	}
	size := strconv.Itoa(t.least())
	if c.Size != "" && c.Size != size {
		return invalid("size %s: the template says how long bodies are; leave size out", c.Size)
	}
	c.Size = size
	return nil
}

// next is the flow whose turn it is, and the size of its next body.
func (c *client) next() (flow, size int) {
	if c.again {
		c.again = false
		return c.turn.flow, c.turn.size
	}
	c.turn.flow = c.nextFlow()
	if c.template == nil {
		c.turn.size = c.sizes.next()
	} else {
		c.write()
		c.turn.size = len(c.text)
	}
	return c.turn.flow, c.turn.size
}

// turn is what next gave last. Again says that it is still to be sent, for there
// was no room.
type turn struct {
	flow, size int
	again      bool
}

// write makes the next body of a template. Probes are numbered with the load,
// so that no service sees a number twice.
func (c *client) write() {
	c.text = c.template.render(c.text[:0], c.number*uint64(c.Cell.Clients)+uint64(c.index), c.index)
	c.number++
}

// sendPlain sends what a service that reads its messages takes for a probe: a
// body like all others. It cannot be told of an end.
func (c *client) sendPlain(flow int, flag uint32) error {
	if flag == flagEnd {
		return nil
	}
	c.write()
	m, err := c.alloc(flow, len(c.text))
	if err != nil {
		return err
	}
	copy(m.Body(), c.text)
	if err := c.sock.Send(m); err != nil {
		engines.Release([]*engines.Msg{m})
		return err
	}
	return nil
}
