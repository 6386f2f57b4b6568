package media

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/draw"
	"io"

	"golang.org/x/image/webp"
)

// animatedFlag and alphaFlag stand in the first byte of a VP8X chunk (WebP container, "Extended File Format").
const (
	animatedFlag = 1 << 1
	alphaFlag    = 1 << 4
)

// decodeWebP reads a WebP picture; of an animated one the first frame, on the whole canvas. However long it would go on
// is not looked at.
func decodeWebP(r io.Reader) (image.Image, error) {
	data, err := io.ReadAll(r)
	if err != nil || len(data) < 21 || string(data[12:16]) != "VP8X" || data[20]&animatedFlag == 0 {
		return webp.Decode(bytes.NewReader(data))
	}
	config, err := webp.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	frame, at := firstFrame(data)
	still, err := webp.Decode(bytes.NewReader(frame))
	if err != nil {
		return nil, err
	}
	canvas := image.NewNRGBA(image.Rect(0, 0, config.Width, config.Height))
	draw.Draw(canvas, still.Bounds().Add(at), still, still.Bounds().Min, draw.Src)
	return canvas, nil
}

// firstFrame returns the first frame of an animation as a file of its own, and its place on the canvas. A frame larger
// than the canvas, which was checked, is none.
func firstFrame(data []byte) (file []byte, at image.Point) {
	const header = 16 // of an ANMF chunk, before its chunks
	body := webPChunk(data, "ANMF")
	if len(body) < header+8 {
		return nil, at
	}
	at = image.Pt(2*uint24(body), 2*uint24(body[3:]))
	width, height := uint24(body[6:])+1, uint24(body[9:])+1
	if at.X+width > uint24(data[24:])+1 || at.Y+height > uint24(data[27:])+1 {
		return nil, at
	}
	extended := make([]byte, 18)
	copy(extended, "VP8X\x0a\x00\x00\x00")
	if string(body[header:header+4]) == "ALPH" {
		extended[8] = alphaFlag
	}
	copy(extended[12:], body[6:12]) // width and height
	chunks := append(extended, body[header:]...)
	file = binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(chunks)+4))
	return append(append(file, "WEBP"...), chunks...), at
}

func uint24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }

// webPChunk returns the content of the first chunk with that name in a RIFF file; chunks are padded to even lengths.
func webPChunk(data []byte, name string) []byte {
	for at := uint64(12); at+8 <= uint64(len(data)); {
		size := uint64(binary.LittleEndian.Uint32(data[at+4:]))
		end := at + 8 + size
		if end > uint64(len(data)) {
			break
		}
		if string(data[at:at+4]) == name {
			return data[at+8 : end]
		}
		at = end + size%2
	}
	return nil
}
