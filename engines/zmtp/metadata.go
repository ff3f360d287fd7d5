package zmtp

import (
	"encoding/binary"
	"fmt"
	"strings"

	"zbench/engines"
)

// metadata is what a peer says of itself when it is ready (RFC 37, connection
// metadata). Other properties are checked and passed over.
type metadata struct {
	kind     engines.Kind
	identity []byte
}

const (
	propSocketType = "Socket-Type"
	propIdentity   = "Identity"
	maxIdentity    = 255
)

// appendMetadata appends the properties of a socket.
func appendMetadata(b []byte, kind engines.Kind, identity []byte) []byte {
	b = appendProperty(b, propSocketType, []byte(kind.String()))
	switch kind {
	case engines.REQ, engines.DEALER, engines.ROUTER:
		b = appendProperty(b, propIdentity, identity)
	}
	return b
}

func appendProperty(b []byte, name string, value []byte) []byte {
	b = append(b, byte(len(name)))
	b = append(b, name...)
	b = binary.BigEndian.AppendUint32(b, uint32(len(value)))
	return append(b, value...)
}

// parseMetadata reads all properties in b. The identity is a copy.
func parseMetadata(b []byte) (metadata, error) {
	var m metadata
	for len(b) > 0 {
		name, value, rest, err := cutProperty(b)
		if err != nil {
			return metadata{}, err
		}
		b = rest
		switch {
		case strings.EqualFold(name, propSocketType):
			k, ok := engines.ParseKind(string(value))
			if !ok {
				return metadata{}, fmt.Errorf("%w: unknown type %.20q", ErrSocketType, value)
			}
			m.kind = k
		case strings.EqualFold(name, propIdentity):
			if len(value) > maxIdentity {
				return metadata{}, fmt.Errorf("%w: an identity of %d bytes", ErrMetadata, len(value))
			}
			m.identity = append([]byte(nil), value...)
		}
	}
	return m, nil
}

// cutProperty splits the first property off b.
func cutProperty(b []byte) (name string, value, rest []byte, err error) {
	n := int(b[0])
	if n == 0 || len(b) < 1+n+4 {
		return "", nil, nil, fmt.Errorf("%w: a property's name of %d bytes in %d", ErrMetadata, n, len(b))
	}
	name, b = string(b[1:1+n]), b[1+n:]
	size := binary.BigEndian.Uint32(b)
	if uint64(size) > uint64(len(b)-4) {
		return "", nil, nil, fmt.Errorf("%w: property %.20q of %d bytes in %d", ErrMetadata, name, size, len(b)-4)
	}
	return name, b[4 : 4+size], b[4+size:], nil
}
