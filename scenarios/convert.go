package scenarios

import (
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// maxDepth is more than a scenario needs: root, matrix, group, list, value.
const maxDepth = 8

// convert keeps of YAML what a scenario uses; scalars stay as they were
// written, so that 1k, 0.10 and 64 reach the same parsers as flags do.
func (s *source) convert(n ast.Node, depth int) (node, error) {
	if depth > maxDepth {
		return node{}, s.fail(n, "nested too deep", "a scenario has maps of values and of lists")
	}
	out := node{at: s.where(n)}
	switch n := n.(type) {
	case nil:
		out.kind = emptyNode
	case *ast.NullNode:
		out.kind = emptyNode
	case *ast.StringNode:
		out.text = n.Value
	case *ast.LiteralNode:
		out.text = strings.TrimSpace(n.Value.Value)
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		out.text = n.GetToken().Value
	case *ast.SequenceNode:
		out.kind = listNode
		for _, v := range n.Values {
			item, err := s.convert(v, depth+1)
			if err != nil {
				return node{}, err
			}
			out.items = append(out.items, item)
		}
	case *ast.MappingNode:
		return s.convertMap(out, n.Values, depth)
	case *ast.MappingValueNode:
		return s.convertMap(out, []*ast.MappingValueNode{n}, depth)
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode:
		return node{}, s.fail(n, "anchors, aliases and tags are not used here", "put what groups share under defaults:")
	default:
		return node{}, s.fail(n, "a "+strings.ToLower(n.Type().String())+" has no meaning here", "write a value, a list or a map")
	}
	return out, nil
}

func (s *source) convertMap(out node, values []*ast.MappingValueNode, depth int) (node, error) {
	out.kind = mapNode
	for _, v := range values {
		key, err := s.convert(v.Key, depth+1)
		if err != nil {
			return node{}, err
		}
		if key.kind != scalarNode {
			return node{}, s.fail(v.Key, "a key is missing", "write KEY: VALUE")
		}
		value, err := s.convert(v.Value, depth+1)
		if err != nil {
			return node{}, err
		}
		if value.at.Line == 0 || value.kind == emptyNode {
			value.at = key.at
		}
		out.entries = append(out.entries, entry{key, value})
	}
	return out, nil
}
