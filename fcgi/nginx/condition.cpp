#include "nginx/condition.h"

#include <array>

namespace gatehouse::nginx {
namespace {

/// The words between the parentheses of an `if`.
std::vector<std::string> words_of(const Directive& directive) {
  std::vector<std::string> words = directive.arguments;
  if (words.empty()) return words;
  if (words.front().starts_with('(')) words.front().erase(0, 1);
  if (words.back().ends_with(')')) words.back().pop_back();
  std::erase(words, "");
  return words;
}

Truth as_truth(bool value) {
  return value ? Truth::yes : Truth::no;
}

/// True if the word names something that a visitor may write in many ways for one address.
bool depends_on_the_visitor(std::string_view word) {
  constexpr std::array<std::string_view, 4> kWritten{"request_uri", "args", "query_string",
                                                     "is_args"};
  for (const auto name : kWritten) {
    if (word.find(name) != std::string_view::npos) return true;
  }
  return false;
}

/// Decides `-f PATH`, `!-e PATH` and so on. The file of an index that the walk assumed is there,
/// that of an auth_request's address is not, and of any other file nobody knows.
Truth file_test(const std::string& test, const std::string& word, const Request& request,
                Visitor::Kind visitor) {
  const Text path = expand(word, request);
  if (!request.existing.empty() && path.value == file_path(request.existing, request).value) {
    return as_truth(!test.starts_with('!'));
  }
  const bool is_of_question =
      visitor == Visitor::Kind::question && path.value.find(request.asked_uri) != std::string::npos;
  if (!is_of_question) return Truth::either;
  return as_truth(test.starts_with('!'));
}

/// Decides `$x ~ EXPRESSION` and sets the groups of the match.
Truth match(const Op& op, const std::string& operation, const Text& value, Request& request) {
  if (!op.expression || !value.known) return Truth::either;
  const auto found = op.expression->match(value.value);
  if (found) {
    request.groups = found->groups;
    for (const auto& [name, text] : found->named) request.variables[name] = {text, true};
  }
  return as_truth(found.has_value() != operation.starts_with('!'));
}

}  // namespace

Truth truth_of(const Op& op, Request& request, Visitor::Kind visitor) {
  const auto words = words_of(*op.directive);
  if (words.empty()) return Truth::either;
  if (words.size() == 2) return file_test(words[0], words[1], request, visitor);
  if (depends_on_the_visitor(words[0])) return Truth::either;
  const Text left = expand(words[0], request);
  if (words.size() == 1) {
    return left.known ? as_truth(!left.value.empty() && left.value != "0") : Truth::either;
  }
  const std::string& operation = words[1];
  if (operation.find('~') != std::string::npos) return match(op, operation, left, request);
  const Text right = expand(words[2], request);
  if (!left.known || !right.known) return Truth::either;
  return as_truth((left.value == right.value) == (operation == "="));
}

}  // namespace gatehouse::nginx
