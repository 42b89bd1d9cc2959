// Evaluations per second of processor time of npm's feelin: node feelin.mjs EXPRESSION RECORD-AS-JSON SECONDS
import { evaluate } from 'feelin';

const [expression, record, seconds] = process.argv.slice(2);
const context = JSON.parse(record);
const ask = () => {
  const answer = evaluate(expression, context);
  return answer !== null && typeof answer === 'object' && 'value' in answer ? answer.value : answer;
};
if (ask() !== true) throw new Error('feelin does not find the record eligible');
const spent = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
const start = spent();
let count = 0;
while (spent() - start < Number(seconds)) {
  for (let i = 0; i < 10; i++) ask();
  count += 10;
}
console.log(count / (spent() - start));
