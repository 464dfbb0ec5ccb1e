#include "password/shape/expression.h"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <utility>

#include "base/encoding.h"
#include "base/log.h"
#include "password/format/base64.h"
#include "password/format/fields.h"
#include "password/shape/text_steps.h"

namespace gatehouse::password {
namespace {

bool is_word_byte(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '$';
}

/// "md5" and "md5hex" are one: a digest is hex where nothing else is said.
std::optional<Digest> digest_function(std::string_view name) noexcept {
  if (name.ends_with("hex")) name.remove_suffix(3);
  return digest_named(name);
}

std::string upper_of(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

}  // namespace

/// Reads an expression from left to right, one letter ahead.
class Expression::Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<Expression> parse() {
    auto root = term(0);
    if (!root) return tl::unexpected(std::move(root.error()));
    skip_blanks();
    if (!text_.empty()) return wrong(fmt::format("{} stands behind it", log::quoted(text_)));
    const Node* outermost = &*root;
    while (outermost->kind == Kind::wrapped && outermost->parts.size() == 1) {
      outermost = &outermost->parts.front();
    }
    if (outermost->kind != Kind::digest && outermost->kind != Kind::hmac) {
      return wrong("its outermost part must be a digest");
    }
    if (!reads_password_) return wrong("it does not hash the password");
    Expression made;
    made.whole_ = *root;
    made.root_ = *outermost;
    made.digest_ = outermost->digest;
    made.digests_ = digests_;
    made.reads_key_ = reads_key_;
    made.reads_salt_ = reads_salt_;
    made.reads_name_ = reads_name_;
    return made;
  }

 private:
  static constexpr unsigned kDeepestTerm = 12;
  static constexpr unsigned kDeepestWrap = 3;  // each may double the text

  static tl::unexpected<Error> wrong(std::string what) {
    return fail(Error::Kind::invalid, std::move(what));
  }

  void skip_blanks() noexcept {
    while (text_.starts_with(' ') || text_.starts_with('\t')) text_.remove_prefix(1);
  }
  bool take(char c) noexcept {
    skip_blanks();
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }

  Result<Node> term(unsigned depth) {
    if (++terms_ > kMostBytes || depth > kDeepestTerm) return wrong("it is too deep");
    skip_blanks();
    if (text_.starts_with('\'') || text_.starts_with('"')) return literal();
    std::size_t length = 0;
    while (length < text_.size() && is_word_byte(text_[length])) ++length;
    std::string word = ascii_lower(text_.substr(0, length));
    if (word.starts_with('$')) word.erase(0, 1);
    if (word.empty()) return wrong("a text or a digest is missing");
    text_.remove_prefix(length);
    return take('(') ? function(word, depth) : input(word);
  }

  Result<Node> literal() {
    const auto end = text_.find(text_.front(), 1);
    if (end == std::string_view::npos) return wrong("a quote is not closed");
    Node node;
    node.literal = text_.substr(1, end - 1);
    text_.remove_prefix(end + 1);
    return node;
  }

  Result<Node> input(std::string_view word) {
    constexpr std::array<std::pair<std::string_view, Kind>, 7> kInputs = {
        {{"password", Kind::password},
         {"pass", Kind::password},
         {"salt", Kind::salt},
         {"key", Kind::key},
         {"pepper", Kind::key},
         {"name", Kind::name},
         {"username", Kind::name}}};
    for (const auto& [name, kind] : kInputs) {
      if (name != word) continue;
      reads_password_ = reads_password_ || kind == Kind::password;
      reads_key_ = reads_key_ || kind == Kind::key;
      reads_salt_ = reads_salt_ || kind == Kind::salt;
      reads_name_ = reads_name_ || kind == Kind::name;
      Node node;
      node.kind = kind;
      return node;
    }
    return wrong(
        fmt::format("{} is unknown: a text is password, salt, key, name, or letters in "
                    "quotes",
                    log::quoted(word)));
  }

  Result<Node> function(std::string_view word, unsigned depth) {
    constexpr std::array<std::pair<std::string_view, Wrap>, 7> kWraps = {{{"hex", Wrap::hex},
                                                                          {"base64", Wrap::base64},
                                                                          {"raw", Wrap::raw},
                                                                          {"upper", Wrap::upper},
                                                                          {"uc", Wrap::upper},
                                                                          {"lower", Wrap::lower},
                                                                          {"lc", Wrap::lower}}};
    Node node;
    constexpr std::string_view kHmac = "hmac-";
    const bool hmac = word.starts_with(kHmac);
    if (hmac) word.remove_prefix(kHmac.size());
    if (const auto digest = digest_function(word)) {
      node.kind = hmac ? Kind::hmac : Kind::digest;
      node.digest = *digest;
      ++digests_;
      if (++open_digests_ > kDeepest) return wrong("more than three digests stand in each other");
    } else {
      node.kind = Kind::wrapped;
      bool known = false;
      for (const auto& [name, wrap] : kWraps) {
        if (name == word) node.wrap = wrap;
        known = known || name == word;
      }
      if (!known || hmac) return wrong(fmt::format("{} is no function", log::quoted(word)));
      if (++open_wraps_ > kDeepestWrap) {
        return wrong("more than three of hex, base64, raw, upper and lower stand in each other");
      }
    }
    // A digest makes a text of any length a short one, so what stands around it counts anew.
    const unsigned around = open_wraps_;
    const bool digests = node.kind != Kind::wrapped;
    if (digests) open_wraps_ = 0;
    if (hmac) {
      if (auto key = key_of_hmac(depth, node); !key) return tl::unexpected(std::move(key.error()));
    }
    if (auto text = joined_terms(depth, node.parts); !text) {
      return tl::unexpected(std::move(text.error()));
    }
    if (!take(')')) return wrong("a ) is missing");
    if (digests) --open_digests_;
    open_wraps_ = digests ? around : around - 1;
    return node;
  }

  Result<void> key_of_hmac(unsigned depth, Node& node) {
    const bool before = std::exchange(reads_password_, false);
    if (auto key = joined_terms(depth, node.key); !key) return key;
    if (std::exchange(reads_password_, before)) {
      return wrong("the key of an HMAC must not be made of the password");
    }
    if (!take(',')) return wrong("an HMAC takes a key, a comma, and a text");
    return {};
  }

  Result<void> joined_terms(unsigned depth, std::vector<Node>& parts) {
    do {
      auto part = term(depth + 1);
      if (!part) return tl::unexpected(std::move(part.error()));
      parts.push_back(std::move(*part));
    } while (take('+') || take('.'));
    return {};
  }

  std::string_view text_;
  std::size_t terms_ = 0;
  unsigned digests_ = 0;
  unsigned open_digests_ = 0;
  unsigned open_wraps_ = 0;
  bool reads_password_ = false;
  bool reads_key_ = false;
  bool reads_salt_ = false;
  bool reads_name_ = false;
};

Result<Expression> Expression::parse(std::string_view text) {
  if (text.size() > kMostBytes) {
    return fail(Error::Kind::invalid, fmt::format("it is longer than {} bytes", kMostBytes));
  }
  return Parser(text).parse();
}

Secret Expression::joined(const std::vector<Node>& nodes, const Inputs& inputs) {
  std::vector<Secret> parts;
  std::size_t size = 0;
  for (const Node& node : nodes) {
    parts.push_back(value(node, inputs));
    size += parts.back().size();
  }
  std::string all;
  all.reserve(size);  // growing would leave copies of the password behind
  for (const Secret& part : parts) all += part.view();
  return Secret(std::move(all));
}

/// The bytes of a digest, or of a text.
Secret Expression::bytes(const Node& node, const Inputs& inputs) {
  if (node.kind == Kind::hmac) {
    const Secret key = joined(node.key, inputs);
    return Secret(hmac_of(node.digest, key.view(), joined(node.parts, inputs).view()));
  }
  if (node.kind != Kind::digest) return value(node, inputs);
  return Secret(digest_of(node.digest, {joined(node.parts, inputs).view()}));
}

Secret Expression::value(const Node& node, const Inputs& inputs) {
  switch (node.kind) {
    case Kind::password:
      return Secret::copy_of(inputs.password);
    case Kind::salt:
      return Secret::copy_of(inputs.salt);
    case Kind::key:
      return Secret::copy_of(inputs.key);
    case Kind::name:
      return Secret::copy_of(inputs.name);
    case Kind::literal:
      return Secret::copy_of(node.literal);
    case Kind::digest:
    case Kind::hmac:
      return Secret(hex_encode(bytes(node, inputs).view()));
    case Kind::wrapped:
      break;
  }
  const Secret inner =
      node.parts.size() == 1 ? bytes(node.parts.front(), inputs) : joined(node.parts, inputs);
  switch (node.wrap) {
    case Wrap::hex:
      return Secret(hex_encode(inner.view()));
    case Wrap::base64:
      return Secret(base64_encode(inner.view()));
    case Wrap::raw:
      return Secret::copy_of(inner.view());
    case Wrap::upper:
      return Secret(upper_of(std::string(joined(node.parts, inputs).view())));
    case Wrap::lower:
      return lower_case(joined(node.parts, inputs).view());
  }
  return {};
}

std::string Expression::digest(const Inputs& inputs) const {
  return std::string(bytes(root_, inputs).view());
}

}  // namespace gatehouse::password
