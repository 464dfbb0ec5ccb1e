#include "password/shape/text_steps.h"

#include <unicase.h>
#include <uninorm.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <utility>

#include "base/encoding.h"

namespace gatehouse::password {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// A text that takes the place of another one.
struct Replacement {
  std::string_view from;
  std::string_view to;
};

/// Replaces in one pass, as PHP's strtr(): what was replaced is not looked at again. The first of
/// `table` that fits is taken. No `to` is longer than six times its `from`.
template <std::size_t Count>
Secret replaced(std::string_view text, const std::array<Replacement, Count>& table) {
  std::string out;
  out.reserve(6 * text.size());  // growing would leave copies of the password behind
  while (!text.empty()) {
    const auto* const found = std::find_if(
        table.begin(), table.end(), [&](const auto& each) { return text.starts_with(each.from); });
    const bool any = found != table.end();
    out += any ? found->to : text.substr(0, 1);
    text.remove_prefix(any ? found->from.size() : 1);
  }
  return Secret(std::move(out));
}

Secret newlines(std::string_view text) {
  return replaced(text, std::array{Replacement{"\r\n", "\n"}, Replacement{"\r", "\n"}});
}
Secret no_nul(std::string_view text) {
  return replaced(text, std::array{Replacement{"\0"sv, ""}});
}
Secret no_bom(std::string_view text) {
  return replaced(text, std::array{Replacement{kByteOrderMark, ""}});
}
Secret slash(std::string_view text) {
  return replaced(text, std::array{Replacement{"'", "\\'"}, Replacement{"\"", "\\\""},
                                   Replacement{"\\", "\\\\"}, Replacement{"\0"sv, "\\0"}});
}
Secret html(std::string_view text) {
  return replaced(text, std::array{Replacement{"&", "&amp;"}, Replacement{"\"", "&quot;"},
                                   Replacement{"<", "&lt;"}, Replacement{">", "&gt;"}});
}
Secret html_decode(std::string_view text) {
  return replaced(text, std::array{Replacement{"&amp;", "&"}, Replacement{"&quot;", "\""},
                                   Replacement{"&lt;", "<"}, Replacement{"&gt;", ">"},
                                   Replacement{"&#039;", "'"}, Replacement{"&#39;", "'"},
                                   Replacement{"&nbsp;", " "}});
}
Secret invision(std::string_view text) {
  return replaced(text, std::array{Replacement{"<!--", "&#60;&#33;--"},
                                   Replacement{"-->", "--&#62;"}, Replacement{"&", "&amp;"},
                                   Replacement{"\"", "&quot;"}, Replacement{"<", "&lt;"},
                                   Replacement{">", "&gt;"}, Replacement{"!", "&#33;"},
                                   Replacement{"$", "&#036;"}, Replacement{"'", "&#39;"},
                                   Replacement{"\\", "&#092;"}, Replacement{"\n", "<br />"}});
}
Secret suitecrm(std::string_view text) {
  const Secret quotes = replaced(text, std::array{Replacement{"&quot;", "&#38;"}});
  return replaced(quotes.view(), std::array{Replacement{"\"", "&quot;"}, Replacement{"'", "&#039;"},
                                            Replacement{"<", "&lt;"}, Replacement{">", "&gt;"},
                                            Replacement{"`", "&#96;"}});
}

Secret unslash(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escaped = text[i] == '\\';
    if (escaped && ++i == text.size()) break;
    out += escaped && text[i] == '0' ? '\0' : text[i];
  }
  return Secret(std::move(out));
}

Secret trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\n\r\0\x0b"sv;
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return Secret::copy_of(text.substr(first, text.find_last_not_of(kBlanks) - first + 1));
}

struct FreeArray {
  void operator()(std::uint8_t* bytes) const noexcept { std::free(bytes); }
};

/// Gives what a function of libunistring makes of the text: it returns an array from malloc(3), or
/// null.
template <class Function>
Secret by_unistring(std::string_view text, const Function& function) {
  if (text.empty() || !is_utf8(text)) return Secret::copy_of(text);
  std::size_t length = 0;
  const std::unique_ptr<std::uint8_t, FreeArray> made(
      function(reinterpret_cast<const std::uint8_t*>(text.data()), text.size(), &length));
  if (!made) return Secret::copy_of(text);
  Secret out = Secret::copy_of({reinterpret_cast<const char*>(made.get()), length});
  wipe(std::span<unsigned char>(made.get(), length));
  return out;
}

Secret normal(std::string_view text, uninorm_t form) {
  return by_unistring(text, [&](const std::uint8_t* bytes, std::size_t size, std::size_t* length) {
    return u8_normalize(form, bytes, size, nullptr, length);
  });
}
Secret nfc(std::string_view text) {
  return normal(text, UNINORM_NFC);
}
Secret nfd(std::string_view text) {
  return normal(text, UNINORM_NFD);
}
Secret nfkd(std::string_view text) {
  return normal(text, UNINORM_NFKD);
}

constexpr bool kEscapes = true;

constexpr std::array kSteps = {
    TextStep{"newlines", newlines},
    TextStep{"no-nul", no_nul},
    TextStep{"no-bom", no_bom},
    TextStep{"slash", slash, kEscapes},
    TextStep{"unslash", unslash},
    TextStep{"html", html, kEscapes},
    TextStep{"html-decode", html_decode},
    TextStep{"invision", invision, kEscapes},
    TextStep{"suitecrm", suitecrm, kEscapes},
    TextStep{"nfc", nfc},
    TextStep{"nfkc", form_kc},
    TextStep{"nfd", nfd},
    TextStep{"nfkd", nfkd},
    TextStep{"trim", trim},
    TextStep{"lower", lower_case},
};

}  // namespace

Secret lower_case(std::string_view text) {
  return by_unistring(text, [](const std::uint8_t* bytes, std::size_t size, std::size_t* length) {
    return u8_tolower(bytes, size, nullptr, nullptr, nullptr, length);
  });
}

Secret form_c(std::string_view text) {
  return normal(text, UNINORM_NFC);
}

Secret form_kc(std::string_view text) {
  return normal(text, UNINORM_NFKC);
}

std::span<const TextStep> text_steps() noexcept {
  return kSteps;
}

const TextStep* text_step_named(std::string_view name) noexcept {
  const auto* const found = std::find_if(kSteps.begin(), kSteps.end(),
                                         [&](const TextStep& step) { return step.name == name; });
  return found == kSteps.end() ? nullptr : found;
}

}  // namespace gatehouse::password
