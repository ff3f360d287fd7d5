package report

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// ink are the neutral colours of a chart.
var (
	inkText  = color.NRGBA{0x22, 0x22, 0x22, 0xff}
	inkQuiet = color.NRGBA{0x66, 0x66, 0x66, 0xff}
	inkAxis  = color.NRGBA{0x88, 0x88, 0x88, 0xff}
	inkGrid  = color.NRGBA{0xe4, 0xe4, 0xe4, 0xff}
	inkShade = color.NRGBA{0xf0, 0xf0, 0xf0, 0xff}
	inkPaper = color.NRGBA{0xff, 0xff, 0xff, 0xff}
)

// hues are those of Okabe and Ito ("Color Universal Design", 2008) that stand
// out on white, in an order in which neighbours differ in lightness too.
var hues = [...]color.NRGBA{
	{0x00, 0x72, 0xb2, 0xff}, // blue
	{0xd5, 0x5e, 0x00, 0xff}, // vermilion
	{0x00, 0x9e, 0x73, 0xff}, // bluish green
	{0xe6, 0x9f, 0x00, 0xff}, // orange
	{0xcc, 0x79, 0xa7, 0xff}, // reddish purple
	{0x56, 0xb4, 0xe9, 0xff}, // sky blue
}

// hue is the colour of the i-th series; they come round.
func hue(i int) color.NRGBA { return hues[i%len(hues)] }

// faded is c as seen through paper.
func faded(c color.NRGBA, alpha uint8) color.NRGBA {
	mix := func(v uint8) uint8 { return uint8((int(v)*int(alpha) + 255*(255-int(alpha))) / 255) }
	return color.NRGBA{mix(c.R), mix(c.G), mix(c.B), 0xff}
}

// dash tells lines of one colour apart.
func dash() []vg.Length { return []vg.Length{vg.Points(5), vg.Points(3)} }

func dots() []vg.Length { return []vg.Length{vg.Points(1.2), vg.Points(2.4)} }

// marker is a glyph that tells the i-th series from others without colour.
func marker(i int, c color.Color) draw.GlyphStyle {
	shapes := [...]draw.GlyphDrawer{disc{}, polygon{4, 0.785}, polygon{3, 1.571}, polygon{4, 0}, polygon{3, -1.571}, polygon{6, 0}}
	return draw.GlyphStyle{Color: c, Radius: vg.Points(3.4), Shape: shapes[i%len(shapes)]}
}

// hollow is the marker as an outline.
func hollow(g draw.GlyphStyle) draw.GlyphStyle {
	g.Shape = outline{g.Shape}
	return g
}
