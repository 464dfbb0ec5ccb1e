#include "http/json.h"

#include <rapidjson/reader.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "base/encoding.h"

namespace gatehouse::http {
namespace {

/// Receives RapidJSON's events and keeps the members asked for. A handler that returns false ends
/// the parse.
class FieldCollector : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, FieldCollector> {
 public:
  explicit FieldCollector(std::span<const std::string_view> names)
      : names_(names), fields_(names.size()) {}

  bool Default() { return value(Field{.kind = Field::Kind::other, .text = {}}); }
  bool Bool(bool truth) {
    return value(Field{.kind = Field::Kind::boolean, .text = {}, .truth = truth});
  }
  /// RapidJSON hands numbers over as texts, so that none is too large. Without this handler they
  /// would arrive as strings.
  bool RawNumber(const char* /*text*/, rapidjson::SizeType /*size*/, bool /*copy*/) {
    return Default();
  }
  bool String(const char* text, rapidjson::SizeType size, bool /*copy*/) {
    if (current_ == nullptr) return true;
    const std::string_view view(text, size);
    return is_utf8(view) && value(Field{.kind = Field::Kind::text, .text = Secret::copy_of(view)});
  }
  bool Key(const char* text, rapidjson::SizeType size, bool /*copy*/) {
    if (depth_ != 1) return true;
    const auto found = std::find(names_.begin(), names_.end(), std::string_view(text, size));
    current_ = found == names_.end() ? nullptr
                                     : &fields_[static_cast<std::size_t>(found - names_.begin())];
    return current_ == nullptr || current_->kind == Field::Kind::absent;
  }
  bool StartObject() { return enter(); }
  bool StartArray() { return enter(); }
  bool EndObject(rapidjson::SizeType /*members*/) { return leave(); }
  bool EndArray(rapidjson::SizeType /*elements*/) { return leave(); }

  std::vector<Field> take() { return std::move(fields_); }

 private:
  static constexpr int kMaxDepth = 16;

  bool enter() {
    // The members of an inner object, or of an outermost array, are not those asked for.
    const bool kept = value(Field{.kind = Field::Kind::other, .text = {}});
    return ++depth_ <= kMaxDepth && kept;
  }
  bool leave() {
    --depth_;
    return true;
  }
  bool value(Field field) {
    if (current_ != nullptr) *std::exchange(current_, nullptr) = std::move(field);
    return true;
  }

  std::span<const std::string_view> names_;
  std::vector<Field> fields_;
  Field* current_ = nullptr;  // the field whose value comes next
  int depth_ = 0;
};

}  // namespace

/// RapidJSON's output stream over a string. Until `take` the string is longer than what was
/// written, so that room for a text is made once and not for each character.
class StringStream {
 public:
  // NOLINTBEGIN(readability-identifier-naming): RapidJSON's names
  using Ch = char;
  void Put(char c) {
    reserve(1);
    put_reserved(c);
  }
  void Flush() {}
  // NOLINTEND(readability-identifier-naming)

  void reserve(std::size_t count) {
    if (text_.size() - used_ < count) text_.resize(std::max(2 * text_.size(), used_ + count));
  }
  void put_reserved(char c) { text_[used_++] = c; }
  void put_reserved(const char* begin, const char* end) {
    std::copy(begin, end, text_.data() + used_);
    used_ += static_cast<std::size_t>(end - begin);
  }
  std::string take() {
    text_.resize(std::exchange(used_, 0));
    return std::move(text_);
  }

 private:
  std::string text_ = std::string(256, '\0');
  std::size_t used_ = 0;
};

// NOLINTBEGIN(readability-identifier-naming): found by RapidJSON instead of its own
inline void PutReserve(StringStream& stream, std::size_t count) {
  stream.reserve(count);
}
inline void PutUnsafe(StringStream& stream, char c) {
  stream.put_reserved(c);
}

}  // namespace gatehouse::http

/// RapidJSON has the same specialisation for its own stream: text that needs no escape (RFC 8259
/// §7) is copied in one piece.
template <>
inline bool rapidjson::Writer<gatehouse::http::StringStream>::ScanWriteUnescapedString(
    rapidjson::StringStream& text, std::size_t length) {
  const char* const begin = text.src_;
  const char* const end = text.head_ + length;
  text.src_ =
      std::find_if(begin, end, [](unsigned char c) { return c < ' ' || c == '"' || c == '\\'; });
  os_->put_reserved(begin, text.src_);
  return text.src_ < end;
}

// NOLINTEND(readability-identifier-naming)

namespace gatehouse::http {

Result<std::vector<Field>> parse_json_fields(Secret body, std::span<const std::string_view> names) {
  const auto invalid = [] { return fail(Error::Kind::invalid, "not JSON"); };
  // RapidJSON takes a NUL for the end of the text, but JSON does not allow one. Its own check of
  // UTF-8 reads past the end of a text that ends inside a character, so ours comes first.
  if (body.view().find('\0') != std::string_view::npos || !is_utf8(body.view())) return invalid();
  constexpr unsigned kFlags = rapidjson::kParseInsituFlag | rapidjson::kParseIterativeFlag |
                              rapidjson::kParseNumbersAsStringsFlag;
  rapidjson::InsituStringStream stream(body.data());
  rapidjson::Reader reader;
  FieldCollector collector(names);
  if (reader.Parse<kFlags>(stream, collector).IsError()) return invalid();
  return collector.take();
}

struct JsonWriter::Impl {
  StringStream stream;
  rapidjson::Writer<StringStream> writer{stream};
};

JsonWriter::JsonWriter() : impl_(std::make_unique<Impl>()) {}
JsonWriter::~JsonWriter() = default;

JsonWriter& JsonWriter::begin_object() {
  impl_->writer.StartObject();
  return *this;
}
JsonWriter& JsonWriter::end_object() {
  impl_->writer.EndObject();
  return *this;
}
JsonWriter& JsonWriter::begin_array() {
  impl_->writer.StartArray();
  return *this;
}
JsonWriter& JsonWriter::end_array() {
  impl_->writer.EndArray();
  return *this;
}
JsonWriter& JsonWriter::key(std::string_view name) {
  impl_->writer.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
  return *this;
}
JsonWriter& JsonWriter::text(std::string_view value) {
  impl_->writer.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
  return *this;
}
JsonWriter& JsonWriter::number(std::uint64_t value) {
  impl_->writer.Uint64(value);
  return *this;
}

JsonWriter& JsonWriter::boolean(bool value) {
  impl_->writer.Bool(value);
  return *this;
}
std::string JsonWriter::take() {
  return impl_->stream.take();
}

std::string json_object(
    std::initializer_list<std::pair<std::string_view, std::string_view>> members) {
  StringStream stream;
  rapidjson::CrtAllocator allocator;  // without it the writer allocates one
  rapidjson::Writer<StringStream> writer(stream, &allocator, 1);
  writer.StartObject();
  for (const auto& [name, text] : members) {
    writer.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
    writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  }
  writer.EndObject();
  return stream.take();
}

}  // namespace gatehouse::http
