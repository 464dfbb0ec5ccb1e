#include "cli/init/sql_tokens.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>
#include <utility>

#include "base/encoding.h"
#include "cli/init/sql_text.h"

namespace gatehouse::cli::init {
namespace {

using Kind = SqlToken::Kind;

bool is_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

bool is_word_byte(char c) {
  return c == '_' || c == '$' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
         (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

/// Reads what begins with a quote at `at`, and leaves `at` behind it. A backslash takes the next
/// byte with it in a text.
std::string quoted_at(std::string_view sql, std::size_t& at) {
  const char quote = sql[at++];
  std::string value;
  while (at < sql.size()) {
    const char c = sql[at++];
    if (c == '\\' && quote == '\'' && at < sql.size()) {
      value.append({c, sql[at++]});
    } else if (c != quote) {
      value += c;
    } else if (at < sql.size() && sql[at] == quote) {
      value += sql[at++];
    } else {
      break;
    }
  }
  return value;
}

/// A text as it was, with its quotes doubled again.
std::string text_again(std::string_view value) {
  std::string text = "'";
  for (std::size_t i = 0; i < value.size(); ++i) {
    text += value[i];
    if (value[i] == '\\') {
      text += i + 1 < value.size() ? value[++i] : '\\';
    } else if (value[i] == '\'') {
      text += '\'';
    }
  }
  return text + "'";
}

template <std::size_t N>
bool is_one_of(const SqlToken& token, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return token.is_word(word); });
}

/// Goes over the tokens of a query and says which of them name tables, and which columns.
class References {
 public:
  References(const SqlTokens& tokens, const FindTable& find) : tokens_(tokens) {
    for (std::size_t i = 0; i < tokens_.size(); ++i) note_table(i, find);
  }

  [[nodiscard]] const std::map<std::size_t, const Table*>& tables() const { return tables_; }

  [[nodiscard]] Rights rights() const {
    Rights rights;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      if (!is_column(i)) continue;
      const bool written = is_written(i);
      for (const Table* table : owners(i)) {
        const Column* column = table->find(tokens_[i].value);
        if (column == nullptr) continue;
        add_rights(rights, table->schema, table->name, {column->name},
                   written ? "UPDATE" : "SELECT");
      }
    }
    return rights;
  }

 private:
  [[nodiscard]] bool follows(std::size_t i, char byte) const {
    return i + 1 < tokens_.size() && tokens_[i + 1].is(byte);
  }
  [[nodiscard]] bool is_behind(std::size_t i, char byte) const {
    return i > 0 && tokens_[i - 1].is(byte);
  }

  void note_table(std::size_t i, const FindTable& find) {
    constexpr std::array<std::string_view, 3> kBefore = {"FROM", "JOIN", "UPDATE"};
    constexpr std::array<std::string_view, 20> kKeywords = {
        "WHERE",   "ON",    "JOIN",   "LEFT",  "INNER", "RIGHT", "CROSS",
        "NATURAL", "ORDER", "GROUP",  "UNION", "LIMIT", "SET",   "USING",
        "HAVING",  "FORCE", "IGNORE", "USE",   "FOR",   "SELECT"};
    const SqlToken& token = tokens_[i];
    if (is_one_of(token, kBefore)) {
      in_from_ = expects_table_ = true;
      return;
    }
    if (!token.is_name() || is_one_of(token, kKeywords)) {
      in_from_ = in_from_ && token.is(',');
      expects_table_ = in_from_;
      return;
    }
    if (!std::exchange(expects_table_, false)) return;
    const Table* table = find(token.value);
    if (table == nullptr) return;
    tables_[i] = table;
    names_.insert({token.value, table});
    std::size_t alias = i + 1;
    if (alias < tokens_.size() && tokens_[alias].is_word("AS")) ++alias;
    if (alias < tokens_.size() && tokens_[alias].is_name() &&
        !is_one_of(tokens_[alias], kKeywords)) {
      names_.insert({tokens_[alias].value, table});
    }
  }

  [[nodiscard]] bool is_column(std::size_t i) const {
    const SqlToken& token = tokens_[i];
    if (!token.is_name() || tables_.contains(i) || is_behind(i, ':') || follows(i, '.')) {
      return false;
    }
    const bool is_label = i > 0 && tokens_[i - 1].is_word("AS");
    return !is_label && !(token.kind == Kind::word && follows(i, '('));
  }

  /// The tables that the column may be of.
  [[nodiscard]] std::set<const Table*> owners(std::size_t i) const {
    std::set<const Table*> all;
    if (is_behind(i, '.') && i > 1) {
      const auto [begin, end] = names_.equal_range(tokens_[i - 2].value);
      for (auto one = begin; one != end; ++one) all.insert(one->second);
      return all;
    }
    for (const auto& [at, table] : tables_) all.insert(table);
    return all;
  }

  /// True for `column = …` behind SET, or behind a comma there.
  [[nodiscard]] bool is_written(std::size_t i) const {
    if (!follows(i, '=')) return false;
    for (std::size_t at = i; at-- > 0;) {
      if (tokens_[at].is_word("SET")) return at + 1 == i || is_behind(i, ',');
      if (tokens_[at].is_word("WHERE")) return false;
    }
    return false;
  }

  const SqlTokens& tokens_;
  bool in_from_ = false;        // since FROM, JOIN or UPDATE, until a keyword or a bracket
  bool expects_table_ = false;  // the next name is a table's
  std::map<std::size_t, const Table*> tables_;  // by the token that names it
  std::multimap<std::string, const Table*> names_;
};

}  // namespace

bool SqlToken::is_word(std::string_view word) const {
  return kind == Kind::word && equal_ignoring_case(value, word);
}

SqlTokens sql_tokens(std::string_view sql) {
  SqlTokens tokens;
  bool blank = false;
  for (std::size_t at = 0; at < sql.size();) {
    if (is_blank(sql[at])) {
      blank = true;
      ++at;
      continue;
    }
    SqlToken token;
    token.blank_before = std::exchange(blank, false) && !tokens.empty();
    if (sql[at] == '`' || sql[at] == '\'') {
      token.kind = sql[at] == '`' ? Kind::name : Kind::text;
      token.value = quoted_at(sql, at);
    } else if (is_word_byte(sql[at])) {
      token.kind = Kind::word;
      while (at < sql.size() && is_word_byte(sql[at])) token.value += sql[at++];
    } else {
      token.value = sql[at++];
    }
    tokens.push_back(std::move(token));
  }
  return tokens;
}

std::string sql_text(const SqlTokens& tokens) {
  std::string sql;
  for (const SqlToken& token : tokens) {
    if (token.blank_before) sql += ' ';
    if (token.kind == Kind::name) {
      sql += quoted_name(token.value);
    } else if (token.kind == Kind::text) {
      sql += text_again(token.value);
    } else {
      sql += token.value;
    }
  }
  return sql;
}

std::string Placeholders::in(std::string_view text) const {
  std::string all;
  while (!text.empty()) {
    const auto end = text.front() == '{' ? text.find('}') : std::string_view::npos;
    const auto found =
        end == std::string_view::npos ? texts.end() : texts.find(text.substr(1, end - 1));
    if (found == texts.end()) {
      all += text.front();
      text.remove_prefix(1);
    } else {
      all += found->second;
      text.remove_prefix(end + 1);
    }
  }
  return all;
}

SqlTokens Placeholders::in(const SqlTokens& tokens) const {
  SqlTokens all;
  const auto put = [&](const SqlTokens& more, bool blank) {
    const auto first = all.size();
    all.insert(all.end(), more.begin(), more.end());
    if (all.size() > first) all[first].blank_before = blank;
  };
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    SqlToken token = tokens[i];
    const bool bare = token.is('{') && i + 2 < tokens.size() && tokens[i + 2].is('}');
    const auto column = bare ? columns.find(tokens[i + 1].value) : columns.end();
    const auto query = bare ? queries.find(tokens[i + 1].value) : queries.end();
    if (column != columns.end()) {
      put({{Kind::name, column->second, false}}, token.blank_before);
      i += 2;
    } else if (query != queries.end()) {
      put(sql_tokens(query->second), token.blank_before);
      i += 2;
    } else if (token.kind == Kind::name) {
      token.value = in(token.value);
      put({token}, token.blank_before);
    } else if (const auto text = in(token.value); token.kind == Kind::text && text != token.value) {
      put(sql_tokens(quoted_text(text)), token.blank_before);
    } else {
      put({token}, token.blank_before);
    }
  }
  return all;
}

Rights rights_of(const SqlTokens& tokens, const FindTable& find) {
  return References(tokens, find).rights();
}

std::string with_schema(SqlTokens tokens, const FindTable& find) {
  const auto tables = References(tokens, find).tables();
  std::size_t added = 0;
  for (const auto& [place, table] : tables) {
    const auto at = tokens.begin() + static_cast<SqlTokens::difference_type>(place + added);
    const bool blank = std::exchange(at->blank_before, false);
    tokens.insert(at, {{Kind::name, table->schema, blank}, {Kind::other, ".", false}});
    added += 2;
  }
  return sql_text(tokens);
}

std::vector<std::string> labels_of(const SqlTokens& tokens) {
  std::vector<std::string> labels;
  if (tokens.empty() || !tokens.front().is_word("SELECT")) return labels;
  std::size_t depth = 0;
  SqlTokens item;
  const auto finish = [&] {
    const std::size_t count = item.size();
    const bool is_named = count > 0 && item.back().is_name();
    const bool is_plain =
        count == 1 ||
        (count > 1 && (item[count - 2].is_word("AS") || (count == 3 && item[1].is('.'))));
    labels.push_back(is_named && is_plain ? item.back().value : "");
    item.clear();
  };
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    const SqlToken& token = tokens[i];
    if (depth == 0 && token.is_word("FROM")) break;
    if (token.is('(')) ++depth;
    if (token.is(')') && depth > 0) --depth;
    if (depth == 0 && token.is(',')) {
      finish();
    } else {
      item.push_back(token);
    }
  }
  finish();
  return labels;
}

}  // namespace gatehouse::cli::init
