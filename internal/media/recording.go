package media

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// recordings are the films and sounds that are kept as they came. A browser plays nothing else of them than what they
// are: they are served with their own media type, which it may not guess anew, in a sandbox.
var recordings = []struct {
	ending string
	is     func(data []byte) bool
}{
	{".m4a", func(data []byte) bool { return slices.Contains(soundBrands, brand(data)) }},
	{".mp4", func(data []byte) bool { return slices.Contains(filmBrands, brand(data)) }},
	{".webm", isWebM},
	{".ogv", func(data []byte) bool { return isOgg(data) && bytes.Contains(head(data), []byte("\x80theora")) }},
	{".ogg", isOgg},
	{".flac", prefix("fLaC")},
	{".wav", func(data []byte) bool {
		return len(data) > 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WAVE"
	}},
	{".mp3", isMP3},
}

// Brands of an MPEG-4 file (ISO/IEC 14496-12, 4.3): pictures have others.
var (
	soundBrands = []string{"M4A ", "M4B "}
	filmBrands  = []string{"isom", "iso2", "iso3", "iso4", "iso5", "iso6", "mp41", "mp42", "avc1", "M4V ", "M4VH", "M4VP", "MSNV", "dash", "3gp4", "3gp5"}
)

// recordingEnding tells which film or sound it is by its first bytes; "" for none that is kept.
func recordingEnding(data []byte) string {
	for _, r := range recordings {
		if r.is(data) {
			return r.ending
		}
	}
	return ""
}

func head(data []byte) []byte { return data[:min(len(data), 512)] }

func brand(data []byte) string {
	if len(data) < 16 || string(data[4:8]) != "ftyp" {
		return ""
	}
	return string(data[8:12])
}

// isWebM looks for the document type in the EBML header (RFC 8794, 11.2.4).
func isWebM(data []byte) bool {
	return bytes.HasPrefix(data, []byte("\x1a\x45\xdf\xa3")) && bytes.Contains(head(data), []byte("\x42\x82\x84webm"))
}

func isOgg(data []byte) bool { return bytes.HasPrefix(data, []byte("OggS\x00")) }

// isMP3 accepts a file with a tag, and one that begins with a frame of layer III (ISO/IEC 11172-3, 2.4.1.3).
func isMP3(data []byte) bool {
	if bytes.HasPrefix(data, []byte("ID3")) {
		return true
	}
	return len(data) > 4 && data[0] == 0xFF && data[1]&0xE6 == 0xE2 && data[1]&0x18 != 0x08 &&
		data[2]>>4 != 0xF && data[2]>>4 != 0 && data[2]&0x0C != 0x0C
}

// withoutNotes blanks what an MPEG-4 file notes about itself in place: cameras write down there where it was taken. No
// byte moves, so that the rest stays what it is.
func withoutNotes(data []byte) []byte {
	if brand(data) == "" {
		return data
	}
	data = slices.Clone(data)
	blankNotes(data, 0)
	return data
}

// Boxes with notes, and boxes that hold them.
var (
	noteBoxes    = []string{"udta", "meta", "uuid"}
	holdingBoxes = []string{"moov", "trak", "moof", "traf"}
)

// blankNotes makes free space (ISO/IEC 14496-12, 8.1.2) of the boxes with notes among boxes, and in those that hold them.
func blankNotes(boxes []byte, depth int) {
	for len(boxes) >= 8 {
		size, from := uint64(binary.BigEndian.Uint32(boxes)), uint64(8)
		switch {
		case size == 0:
			size = uint64(len(boxes))
		case size == 1 && len(boxes) >= 16:
			size, from = binary.BigEndian.Uint64(boxes[8:]), 16
		}
		if size < from || size > uint64(len(boxes)) {
			return
		}
		switch kind := string(boxes[4:8]); {
		case slices.Contains(noteBoxes, kind):
			copy(boxes[4:], "free")
			clear(boxes[from:size])
		case depth < 3 && slices.Contains(holdingBoxes, kind):
			blankNotes(boxes[from:size], depth+1)
		}
		boxes = boxes[size:]
	}
}
